"""The shapes of requests and answers: the contract with REST clients."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta

from domain.model.failure import FailureCode, WarningCode
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import Page
from domain.model.source import PublicationKind
from domain.model.stage import StageName, StageState
from domain.model.transcript import Transcript, TranscriptOrigin
from domain.model.video import Video
from domain.use_cases.issue_playback import Playback

VideoIdText = Annotated[str, Meta(description="The video's id.", examples=["0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"])]


def status_url(video: Video) -> str:
    """Where a client follows the video."""
    return f"/api/videos/{video.id}/status"


class StageView(msgspec.Struct, frozen=True):
    """One step of the work."""

    name: StageName
    state: StageState
    percent: Annotated[float, Meta(ge=0, le=100)]
    attempt: int
    speed: Annotated[
        float | None,
        Meta(
            description="While it runs: bytes a second, or, to compress and transcribe, seconds of the video a second."
        ),
    ] = None
    eta_s: Annotated[float | None, Meta(description="While it runs: seconds until it is through, at this speed.")] = (
        None
    )


class FailureView(msgspec.Struct, frozen=True):
    """Why the video failed."""

    stage: StageName
    code: FailureCode
    message: str


class WarningView(msgspec.Struct, frozen=True):
    """What to know although the video is fine."""

    code: WarningCode
    message: str


class StatusAnswer(msgspec.Struct, frozen=True):
    """How far a video has come."""

    video_id: VideoIdText
    status: VideoStatus
    playable: Annotated[bool, Meta(description="The rendition, or the kept original, can be played.")]
    stages: list[StageView]
    failure: FailureView | None
    warnings: list[WarningView]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, video: Video) -> Self:
        """The status of a video."""
        return cls(**_status(video))


class MediaView(msgspec.Struct, frozen=True):
    """What the source is made of."""

    container: str
    duration_s: float
    width: int
    height: int
    frame_rate: float
    video_codec: str
    audio_codec: str | None


class VideoAnswer(StatusAnswer, frozen=True, kw_only=True):
    """A video with its source and its rendition."""

    filename: str
    content_type: str
    size_bytes: Annotated[int, Meta(description="The size of the uploaded source.")]
    r2_key: str
    media: MediaView | None
    rendition_size_bytes: Annotated[int | None, Meta(description="The size of what is played, once something is.")]
    original_kept: Annotated[bool, Meta(description="The original itself is what is played.")]
    rendition_kind: Annotated[
        PublicationKind | None,
        Meta(description="What is played, once something is: coded anew, in a new container only, or as it came."),
    ]

    @classmethod
    def of(cls, video: Video) -> Self:
        """Everything of a video."""
        media = video.media
        played = None if video.publication is None else video.publication.main
        return cls(
            **_status(video),
            filename=video.source.filename,
            content_type=video.source.content_type,
            size_bytes=video.source.size_bytes,
            r2_key=video.source.key,
            media=msgspec.convert(media, MediaView, from_attributes=True) if media is not None else None,
            rendition_size_bytes=None if played is None else played.size_bytes,
            original_kept=played is not None and played.kind is PublicationKind.ORIGINAL,
            rendition_kind=None if played is None else played.kind,
        )


class VideoPage(msgspec.Struct, frozen=True):
    """Some videos, newest first."""

    items: list[VideoAnswer]
    next_cursor: Annotated[str | None, Meta(description="Leads to the next page; null on the last.")]

    @classmethod
    def of(cls, page: Page) -> Self:
        """One page."""
        cursor = page.next_cursor
        return cls([VideoAnswer.of(video) for video in page.videos], cursor.encoded() if cursor is not None else None)


class CueView(msgspec.Struct, frozen=True):
    """One caption, in seconds of the video."""

    start_s: float
    end_s: float
    text: str


class TranscriptAnswer(msgspec.Struct, frozen=True):
    """What is said in a video."""

    video_id: VideoIdText
    language: Annotated[
        str | None, Meta(description="ISO 639-1: what the transcriber heard, or else what it was told to expect.")
    ]
    origin: Annotated[TranscriptOrigin, Meta(description="Heard by a transcriber, or captions of the owner's own.")]
    text: str
    cues: list[CueView]

    @classmethod
    def of(cls, transcript: Transcript) -> Self:
        """The transcript with its cues."""
        return msgspec.convert(transcript, cls, from_attributes=True)


class PlaybackAnswer(msgspec.Struct, frozen=True):
    """Where to play a video."""

    url: Annotated[str, Meta(description="Serves the video, in ranges, until it expires.")]
    content_type: str
    size_bytes: int
    is_original: bool
    kind: Annotated[PublicationKind, Meta(description="Coded anew, in a new container only, or as it came.")]
    poster_url: str | None
    storyboard_url: Annotated[str | None, Meta(description="Where this API tells which small picture shows a moment.")]
    expires_in_s: int

    @classmethod
    def of(cls, playback: Playback) -> Self:
        """The signed URLs."""
        return cls(
            url=playback.url,
            content_type=playback.content_type,
            size_bytes=playback.size_bytes,
            is_original=playback.kind is PublicationKind.ORIGINAL,
            kind=playback.kind,
            poster_url=playback.poster_url,
            storyboard_url=f"/api/videos/{playback.video_id}/storyboard.vtt" if playback.has_storyboard else None,
            expires_in_s=playback.expires_in_s,
        )


class LiveAnswer(msgspec.Struct, frozen=True):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyAnswer(msgspec.Struct, frozen=True):
    """Whether what we depend on answers: `ok`, or an error code, by name."""

    status: Literal["ok", "unavailable"]
    checks: dict[str, str]


def _status(video: Video) -> dict[str, Any]:
    # A video that still works may know already why it will fail; clients are told when it has.
    failure = video.failure if video.status is VideoStatus.FAILED else None
    return {
        "video_id": video.id,
        "status": video.status,
        "playable": video.playable,
        "stages": [msgspec.convert(stage, StageView, from_attributes=True) for stage in video.stages],
        "failure": msgspec.convert(failure, FailureView | None, from_attributes=True),
        "warnings": [msgspec.convert(warning, WarningView, from_attributes=True) for warning in video.warnings],
        "created_at": video.created_at,
        "updated_at": video.updated_at,
    }
