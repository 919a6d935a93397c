"""What an endpoint receives, and when it is disabled."""

from datetime import timedelta

import pytest

from domain.model.errors import Rejected
from domain.model.videos.events import EventType
from domain.model.webhooks.endpoint import (
    DisabledReason,
    EndpointChanges,
    EndpointSecrets,
    check_count,
    description,
    event_filter,
)
from tests.support.builders import NOW
from tests.support.webhooks import an_endpoint

LATER = NOW + timedelta(hours=1)


def test_an_endpoint_wants_the_events_that_it_names() -> None:
    """After its creation, and while it is enabled."""
    some = an_endpoint(events=("video.completed",), starts_after=5)
    assert some.wants("video.completed", position=6)
    assert not some.wants("video.completed", position=5)
    assert not some.wants("video.failed", position=6)
    assert an_endpoint().wants("video.failed", position=1)
    assert not an_endpoint(disabled_reason=DisabledReason.OWNER).wants("video.failed", position=1)


def test_a_filter_is_checked_and_ordered() -> None:
    """`*` includes every other event."""
    assert event_filter(("video.failed", "video.completed", "video.failed")) == ("video.completed", "video.failed")
    assert event_filter(("video.failed", "*")) == ("*",)
    assert event_filter(tuple(EventType)) == tuple(EventType)
    for wrong in ((), ("video.*",), ("video.completed", "webhook.test"), ("",)):
        with pytest.raises(Rejected) as failure:
            event_filter(wrong)
        assert failure.value.code == "invalid_event_filter"


def test_a_description_is_short() -> None:
    """An empty one is none."""
    assert [description(text) for text in (None, "", "x" * 255)] == [None, None, "x" * 255]
    with pytest.raises(Rejected) as failure:
        description("x" * 256)
    assert failure.value.code == "invalid_description"


def test_the_number_of_endpoints_is_limited() -> None:
    """The last one within the limit can be created."""
    check_count(2, 3)
    with pytest.raises(Rejected) as failure:
        check_count(3, 3)
    assert failure.value.code == "too_many_webhooks"


def test_two_secrets_sign_for_a_while() -> None:
    """A second rotation ends the first secret."""
    rotated = an_endpoint(secrets=EndpointSecrets("first")).rotated("second", now=NOW, keep_s=60)
    assert rotated.secrets.valid_at(NOW) == ("second", "first")
    assert rotated.secrets.valid_at(NOW + timedelta(seconds=60)) == ("second",)
    assert rotated.rotated("three", now=NOW, keep_s=60).secrets.valid_at(NOW) == ("three", "second")
    assert EndpointSecrets("first").valid_at(NOW) == ("first",)
    assert "first" not in repr(rotated)
    assert "second" not in repr(rotated)


def test_only_sent_fields_change() -> None:
    """An empty description removes it."""
    endpoint = an_endpoint(description="a note")
    assert endpoint.edited(EndpointChanges(), now=NOW) == endpoint
    changed = endpoint.edited(EndpointChanges("https://b.example/", ("video.failed",), ""), now=LATER)
    assert (changed.url, changed.events, changed.description) == ("https://b.example/", ("video.failed",), None)
    assert changed.updated_at == LATER


def test_enabling_or_another_url_forgets_failures() -> None:
    """Disabling says by whom; repeating either changes nothing."""
    failed = an_endpoint(failing_since=NOW).disabled(DisabledReason.FAILING, now=NOW)
    assert failed.edited(EndpointChanges(enabled=False), now=NOW).disabled_reason is DisabledReason.FAILING
    enabled = failed.edited(EndpointChanges(enabled=True), now=NOW)
    assert (enabled.is_enabled, enabled.failing_since) == (True, None)
    failing = an_endpoint(failing_since=NOW)
    assert failing.edited(EndpointChanges("https://b.example/"), now=LATER).failing_since is None
    assert failing.edited(EndpointChanges(failing.url, description="x"), now=LATER).failing_since == NOW
    assert enabled.edited(EndpointChanges(enabled=False), now=NOW).disabled_reason is DisabledReason.OWNER


def test_failures_count_from_the_first_since_a_success() -> None:
    """Days of nothing but failures are too many."""
    failing = an_endpoint().failed(now=NOW).failed(now=LATER)
    assert failing.failing_since == NOW
    assert not failing.has_failed_for(5, now=NOW + timedelta(days=5, seconds=-1))
    assert failing.has_failed_for(5, now=NOW + timedelta(days=5))
    recovered = failing.succeeded()
    assert recovered.succeeded().failing_since is None
    assert not recovered.has_failed_for(5, now=NOW + timedelta(days=9))


def test_disabling_is_an_event() -> None:
    """It belongs to the owner and to no video."""
    event = an_endpoint().disabled_event(DisabledReason.GONE, now=LATER)
    assert (event.type, event.owner, event.occurred_at) == (EventType.WEBHOOK_DISABLED, an_endpoint().owner, LATER)
    assert event.details == {"webhook_id": an_endpoint().id, "url": an_endpoint().url, "reason": "gone"}
