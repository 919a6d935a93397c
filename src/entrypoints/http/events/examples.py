"""Example responses of event streams in the OpenAPI document."""

from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.event_bus import StageProgress
from domain.use_cases.events.messages import StreamedEvent
from entrypoints.http.events.frames import PING, RETRY, Frame, frame_of
from entrypoints.http.events.schemas import TicketResponse
from entrypoints.http.openapi.sample_values import _CREATED_AT, _ID

_ADA, _VIDEO_ID = UserId("ada"), VideoId(_ID)
_PROGRESS = StageProgress(_VIDEO_ID, _ADA, StageName.COMPRESS, 41.5, 1, speed=3.2, eta_s=11.0)
_PLAYABLE = Event(
    EventType.VIDEO_PLAYABLE,
    _ADA,
    _CREATED_AT.replace(minute=7),
    _VIDEO_ID,
    3,
    VideoStatus.PROCESSING,
    playable=True,
)


def _stream(snapshot: bytes, cursor: int) -> str:
    frames = [Frame("snapshot", snapshot, cursor - 1), frame_of(_PROGRESS), frame_of(StreamedEvent(cursor, _PLAYABLE))]
    return b"".join([RETRY, *(frame.as_sse() for frame in frames if frame is not None), PING]).decode()


VIDEO_STREAM = _stream(b'{"video_id":"%b","status":"processing"}' % _ID.encode(), 3)
USER_STREAM = _stream(b'{"videos":[],"complete":true}', 1042)
TICKET = TicketResponse("tkt_0b7c2f5e6c0f4a529d5f2f6a8f6f1c11f2b7a4c09d8e4e6bb1a2c3d4e5f60718", 60)
