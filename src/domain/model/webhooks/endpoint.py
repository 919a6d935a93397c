"""Webhook endpoints: where a user's events are sent, and which of them."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.model.errors import Rejected
from domain.model.ids import UserId, WebhookId
from domain.model.videos.events import Event, EventType

ANY_EVENT = "*"
MAX_DESCRIPTION_LENGTH = 255


class DisabledReason(StrEnum):
    """Why nothing is sent to an endpoint."""

    OWNER = "owner"
    FAILING = "failing"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class EndpointSecrets:
    """The sealed secrets of an endpoint; `previous` also signs until `previous_until`."""

    current: str = field(repr=False)
    previous: str | None = field(default=None, repr=False)
    previous_until: datetime | None = None

    def valid_at(self, now: datetime) -> tuple[str, ...]:
        """The secrets that sign a request at this time."""
        if self.previous is None or self.previous_until is None or self.previous_until <= now:
            return (self.current,)
        return (self.current, self.previous)

    def rotated(self, secret: str, *, now: datetime, keep_s: float) -> "EndpointSecrets":
        """A new current secret; the one before it keeps signing for `keep_s`."""
        return EndpointSecrets(secret, self.current, now + timedelta(seconds=keep_s))


@dataclass(frozen=True, slots=True)
class EndpointDeclaration:
    """What a client says about a new endpoint."""

    url: str
    events: tuple[str, ...] = (ANY_EVENT,)
    description: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class EndpointChanges:
    """What a client changes about an endpoint; None changes nothing. An empty description removes it."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    description: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """A URL that receives a user's events.

    Only events with a position after `starts_after` are sent: those that occurred after its creation.
    `failing_since` is the time of the first failed attempt since the last successful one.
    """

    id: WebhookId
    owner: UserId
    url: str
    events: tuple[str, ...]
    description: str | None
    secrets: EndpointSecrets
    starts_after: int
    created_at: datetime
    updated_at: datetime
    disabled_reason: DisabledReason | None = None
    failing_since: datetime | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether events are sent to it."""
        return self.disabled_reason is None

    @property
    def is_failing(self) -> bool:
        """Whether every attempt since the last successful one has failed, and there was one at least."""
        return self.failing_since is not None

    def wants(self, event_type: str, *, position: int) -> bool:
        """Whether this event of its owner is sent to it."""
        return (
            self.is_enabled and position > self.starts_after and (ANY_EVENT in self.events or event_type in self.events)
        )

    def edited(self, changes: EndpointChanges, *, now: datetime) -> "WebhookEndpoint":
        """The endpoint with these changes, whose URL and events are checked already.

        Enabling it forgets earlier failures, and so does another URL: they were those of another receiver.
        """
        url = self.url if changes.url is None else changes.url
        edited = replace(
            self,
            url=url,
            failing_since=self.failing_since if url == self.url else None,
            events=self.events if changes.events is None else changes.events,
            description=self.description if changes.description is None else changes.description or None,
            updated_at=now,
        )
        if changes.enabled is None or changes.enabled == self.is_enabled:
            return edited
        reason = None if changes.enabled else DisabledReason.OWNER
        return replace(edited, disabled_reason=reason, failing_since=None)

    def rotated(self, secret: str, *, now: datetime, keep_s: float) -> "WebhookEndpoint":
        """The endpoint with a new secret."""
        return replace(self, secrets=self.secrets.rotated(secret, now=now, keep_s=keep_s), updated_at=now)

    def disabled(self, reason: DisabledReason, *, now: datetime) -> "WebhookEndpoint":
        """The endpoint, disabled by the server."""
        return replace(self, disabled_reason=reason, updated_at=now)

    def failed(self, *, now: datetime) -> "WebhookEndpoint":
        """The endpoint after a failed attempt."""
        return self if self.failing_since is not None else replace(self, failing_since=now)

    def succeeded(self) -> "WebhookEndpoint":
        """The endpoint after a successful attempt."""
        return self if self.failing_since is None else replace(self, failing_since=None)

    def has_failed_for(self, days: float, *, now: datetime) -> bool:
        """Whether every attempt has failed for this many days."""
        return self.failing_since is not None and now - self.failing_since >= timedelta(days=days)

    def disabled_event(self, reason: DisabledReason, *, now: datetime) -> Event:
        """The event that the server has disabled it."""
        return Event(
            EventType.WEBHOOK_DISABLED,
            self.owner,
            now,
            details={"webhook_id": self.id, "url": self.url, "reason": reason.value},
        )


def event_filter(events: tuple[str, ...]) -> tuple[str, ...]:
    """The events to send, in the order of the documentation and without repetitions.

    Raises:
        Rejected: `invalid_event_filter`: it is empty, or names an event that does not exist.
    """
    unknown = set(events) - set(EventType) - {ANY_EVENT}
    if unknown or not events:
        raise Rejected(
            f"`events` must name one event or more, or `{ANY_EVENT}` for all: {', '.join(EventType)}.",
            code="invalid_event_filter",
        )
    return (ANY_EVENT,) if ANY_EVENT in events else tuple(each.value for each in EventType if each in events)


def description(text: str | None) -> str | None:
    """The description; an empty one is none.

    Raises:
        Rejected: `invalid_description`: it is longer than 255 characters.
    """
    if text is not None and len(text) > MAX_DESCRIPTION_LENGTH:
        raise Rejected(
            f"`description` must have at most {MAX_DESCRIPTION_LENGTH} characters.", code="invalid_description"
        )
    return text or None


def check_count(count: int, limit: int) -> None:
    """Check that a user who has `count` endpoints may create another one.

    Raises:
        Rejected: `too_many_webhooks`.
    """
    if count >= limit:
        raise Rejected(f"You may have {limit} webhooks; delete one.", code="too_many_webhooks")
