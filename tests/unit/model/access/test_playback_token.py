from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.access.playback_token import (
    MAX_LIFETIME_S,
    NewPlaybackToken,
    checked_lifetime_s,
    new_playback_token,
    parse_playback_token,
)
from domain.model.errors import Rejected
from domain.model.ids import UserId, VideoId

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
uuids = st.uuids(version=4).map(str)


def issued(token_id: str, secret: str) -> NewPlaybackToken:
    """A token for a minute."""
    return new_playback_token(VideoId("v1"), UserId("ada"), token_id=token_id, secret=secret, now=NOW, lifetime_s=60)


@given(uuids, uuids, uuids)
def test_the_text_leads_back_to_the_token(token_id: str, secret: str, other: str) -> None:
    """The stored token has only a digest of the secret, and accepts only that secret."""
    new = issued(token_id, secret)
    parsed = parse_playback_token(new.text)
    assert parsed is not None
    assert parsed == (token_id, UUID(secret).hex)
    assert new.token.is_valid(parsed[1], NOW)
    assert not new.token.is_valid(UUID(secret).hex, NOW + timedelta(seconds=60))
    assert new.token.is_valid(UUID(other).hex, NOW) == (other == secret)
    assert UUID(secret).hex not in repr(new)
    assert new.token.digest not in repr(new)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "play_",
        "play_" + "0" * 63,
        "play_" + "0" * 65,
        "PLAY_" + "0" * 64,
        "play_" + "g" * 64,
        "play_" + "0" * 64 + "\n",
    ],
)
def test_any_other_text_is_no_token(text: str) -> None:
    """It is not looked up."""
    assert parse_playback_token(text) is None


@pytest.mark.parametrize("seconds", [0, -1, MAX_LIFETIME_S + 1])
def test_a_lifetime_has_limits(seconds: int) -> None:
    """One second to a leap year."""
    assert (checked_lifetime_s(1), checked_lifetime_s(MAX_LIFETIME_S)) == (1, MAX_LIFETIME_S)
    with pytest.raises(Rejected) as rejected:
        checked_lifetime_s(seconds)
    assert rejected.value.code == "invalid_expires_in"
