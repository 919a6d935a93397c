"""Examples of successful responses in the OpenAPI document."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from inspect import getdoc

import msgspec
from litestar.openapi import ResponseSpec

from domain.model.captions import to_srt, to_text, to_vtt
from domain.model.cues import Cue
from domain.model.lifecycle import VideoStatus
from domain.model.source import PublicationKind
from domain.model.stage import StageName, StageState
from domain.model.storyboard import storyboard_sheet
from domain.model.transcript import TranscriptOrigin
from entrypoints.http.import_schemas import YouTubeImportAnswer
from entrypoints.http.openapi import example
from entrypoints.http.schemas import (
    CueView,
    LiveAnswer,
    MediaView,
    PlaybackAnswer,
    ReadyAnswer,
    StageView,
    StatusAnswer,
    TranscriptAnswer,
    VideoAnswer,
    VideoPage,
)
from entrypoints.http.upload_schemas import (
    PartsAnswer,
    PartView,
    PresignedUploadAnswer,
    ProxiedUploadAnswer,
    UploadCompleteAnswer,
    UploadProgressAnswer,
)

_ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"
_KEY = f"videos/ada/{_ID}.mp4"
_STATUS_URL = f"/api/videos/{_ID}/status"
_URL = f"https://bucket.example/{_KEY}"
_MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_PART_BYTES = 16 * 1024**2
_CUES = (Cue(0.4, 2.1, "Welcome back."), Cue(2.6, 5.0, "Today we cut the film."))


def _part(number: int) -> PartView:
    return PartView(number, f"{_URL}?partNumber={number}&X-Amz-Signature=0123abcd", _PART_BYTES, {})


SINGLE = PresignedUploadAnswer(
    video_id=_ID,
    upload_url=f"{_URL}?X-Amz-Signature=0123abcd",
    r2_key=_KEY,
    expires_in=3600,
    status_url=_STATUS_URL,
    headers={"Content-Type": "video/mp4"},
    strategy="single",
    upload_id=None,
    part_size=None,
    part_count=None,
    parts=[],
)
IN_PARTS = PresignedUploadAnswer(
    video_id=_ID,
    upload_url=None,
    r2_key=_KEY,
    expires_in=3600,
    status_url=_STATUS_URL,
    headers={},
    strategy="multipart",
    upload_id="2~VXBsb2FkSWQ",
    part_size=_PART_BYTES,
    part_count=512,
    parts=[_part(1), _part(2)],
)
PARTS = PartsAnswer(_ID, 3600, [_part(number) for number in (11, 12, 13)])
PROGRESS = UploadProgressAnswer(
    video_id=_ID,
    status=VideoStatus.UPLOADING,
    strategy="multipart",
    file_size=3 * _PART_BYTES,
    received_bytes=2 * _PART_BYTES,
    received_parts=[1, 3],
    missing_parts=[2],
    part_size=_PART_BYTES,
    part_count=3,
    expires_at=_MADE.replace(hour=4),
)
UPLOADED = UploadCompleteAnswer(_ID, _STATUS_URL)
IMPORTED = YouTubeImportAnswer(_ID, "dQw4w9WgXcQ", _STATUS_URL)
RECEIVED = ProxiedUploadAnswer(_ID, _STATUS_URL, r2_key=_KEY)
STATUS = StatusAnswer(
    video_id=_ID,
    status=VideoStatus.COMPLETED,
    playable=True,
    stages=[StageView(name, StageState.DONE, 100.0, 1) for name in StageName],
    failure=None,
    warnings=[],
    created_at=_MADE,
    updated_at=_MADE.replace(minute=9),
)
VIDEO = VideoAnswer(
    **msgspec.structs.asdict(STATUS),
    filename="holiday.mp4",
    content_type="video/mp4",
    size_bytes=73_400_320,
    r2_key=_KEY,
    media=MediaView("mov", 61.2, 1920, 1080, 30.0, "h264", "aac"),
    rendition_size_bytes=9_240_576,
    original_kept=False,
    rendition_kind=PublicationKind.ENCODED,
)
PAGE = VideoPage([VIDEO], "MjAyNi0wMS0wMlQwMzowNDowNSswMDowMCAwYjdjMmY1ZQ")
PLAYBACK = PlaybackAnswer(
    url=f"{_URL}?X-Amz-Signature=0123abcd",
    content_type="video/mp4",
    size_bytes=9_240_576,
    is_original=False,
    kind=PublicationKind.ENCODED,
    poster_url=None,
    storyboard_url=f"/api/videos/{_ID}/storyboard.vtt",
    expires_in_s=3600,
)
STORYBOARD = storyboard_sheet(1280, 720, 4.0).to_vtt("https://bucket.example/1-storyboard.jpg?X-Amz-Signature=0123abcd")
TRANSCRIPT = TranscriptAnswer(
    _ID,
    "en",
    TranscriptOrigin.GENERATED,
    " ".join(cue.text for cue in _CUES),
    [CueView(cue.start_s, cue.end_s, cue.text) for cue in _CUES],
)
TRANSCRIBING = msgspec.structs.replace(
    STATUS, stages=[*STATUS.stages[:-1], StageView(StageName.TRANSCRIBE, StageState.PENDING, 0.0, 0)]
)
VTT, SRT, TEXT = to_vtt(_CUES), to_srt(_CUES), to_text(_CUES)
LIVE = LiveAnswer()
READY = ReadyAnswer("ok", {"database": "ok", "object_store": "ok"})
UNREADY = ReadyAnswer("unavailable", {"database": "database_unavailable", "object_store": "ok"})


def answers(status: int, **bodies: msgspec.Struct) -> Mapping[int, ResponseSpec]:
    """A JSON response of a route; each keyword is the title of its example, the shape's docstring the description."""
    shape = type(next(iter(bodies.values())))
    shown = [example(summary.replace("_", " ").capitalize(), body) for summary, body in bodies.items()]
    return {status: ResponseSpec(shape, description=getdoc(shape) or "", generate_examples=False, examples=shown)}


def text(media_type: str, body: str, description: str = "The transcript.") -> Mapping[int, ResponseSpec]:
    """A plain-text response of a route."""
    shown = [example("Two cues", body)]
    spec = ResponseSpec(str, media_type=media_type, description=description, generate_examples=False, examples=shown)
    return {HTTPStatus.OK: spec}
