"""The text of bus messages."""

import pytest

from adapters.eventbus.codec import decode, encode
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import BusMessage, EventsWritten, StageProgress

PROGRESS = StageProgress(VideoId("a-video"), UserId('a"da'), StageName.COMPRESS, 12.5, 1, speed=2.0, eta_s=3.0)


@pytest.mark.parametrize("message", [EventsWritten(), PROGRESS])
def test_a_message_keeps_its_fields(message: BusMessage) -> None:
    """Whether the server passes bytes or text on."""
    assert decode(encode(message)) == message
    assert decode(encode(message).decode()) == message


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"\xff", b'{"video_id": 3}', b'{"later": true}'])
def test_an_unknown_message_is_a_hint(text: bytes) -> None:
    """A newer version may send messages that this one does not know; reading the log is harmless."""
    assert decode(text) == EventsWritten()
