"""Response bodies of videos."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta

from domain.model.failure import FailureCode, WarningCode
from domain.model.media.media_info import MediaKind
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import Page
from domain.model.videos.source import PublicationKind
from domain.model.videos.video import Video
from entrypoints.http.videos.originals import OriginalView

VideoIdText = Annotated[str, Meta(description="The video's id.", examples=["0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"])]


def status_url(video: Video) -> str:
    """The path at which a client polls the video's status."""
    return f"/api/videos/{video.id}/status"


class StageView(msgspec.Struct, frozen=True):
    """A processing stage of a video."""

    name: StageName
    state: StageState
    percent: Annotated[float, Meta(ge=0, le=100)]
    attempt: int
    speed: Annotated[
        float | None,
        Meta(
            description="While the stage runs: bytes per second, or, for `compress` and `transcribe`, seconds of video "
            "per second."
        ),
    ] = None
    eta_s: Annotated[
        float | None, Meta(description="While the stage runs: estimated seconds until it ends, at this speed.")
    ] = None


class FailureView(msgspec.Struct, frozen=True):
    """Why the video failed."""

    stage: StageName
    code: FailureCode
    message: str


class WarningView(msgspec.Struct, frozen=True):
    """A problem that did not make the video fail."""

    code: WarningCode
    message: str


class StatusResponse(msgspec.Struct, frozen=True):
    """The status of a video and the progress of its stages."""

    video_id: VideoIdText
    status: VideoStatus
    playable: Annotated[bool, Meta(description="Whether the rendition, or the kept original, can be played.")]
    stages: list[StageView]
    failure: FailureView | None
    warnings: list[WarningView]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for a video."""
        return cls(**_status(video))


class MediaView(msgspec.Struct, frozen=True):
    """The container and the streams of the source."""

    kind: Annotated[MediaKind, Meta(description="`audio` if the source is sound alone, with or without cover art.")]
    container: str
    duration_s: float
    width: Annotated[int, Meta(description="In pixels, after rotation; 0 for sound alone.")]
    height: Annotated[int, Meta(description="In pixels, after rotation; 0 for sound alone.")]
    frame_rate: Annotated[float, Meta(description="Frames per second; 0 if unknown, and for sound alone.")]
    video_codec: Annotated[str | None, Meta(description="null for sound alone.")]
    audio_codec: str | None


class VideoResponse(StatusResponse, frozen=True, kw_only=True):
    """A video with its source and its rendition."""

    filename: str
    content_type: str
    size_bytes: Annotated[int, Meta(description="The size of the source; 0 while it is unknown.")]
    r2_key: str
    media: MediaView | None
    rendition_size_bytes: Annotated[
        int | None, Meta(description="The size of the file that is played; null until the video is playable.")
    ]
    original_kept: Annotated[
        bool, Meta(description="Whether the original is kept: beside the rendition, or as the file that is played.")
    ]
    rendition_kind: Annotated[
        PublicationKind | None,
        Meta(
            description="The file that is played: re-encoded, remuxed into another container, or the original; null "
            "until the video is playable."
        ),
    ]
    original: Annotated[
        OriginalView | None, Meta(description="What became of the original; null until the video is playable.")
    ]

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for a video."""
        media = video.media
        published = video.publication
        played = None if published is None else published.main
        return cls(
            **_status(video),
            filename=video.source.filename,
            content_type=video.source.content_type,
            size_bytes=video.source.known_size_bytes or 0,
            r2_key=video.source.key,
            media=msgspec.convert(media, MediaView, from_attributes=True) if media is not None else None,
            rendition_size_bytes=None if played is None else played.size_bytes,
            original_kept=published is not None and published.kept_original is not None,
            rendition_kind=None if played is None else played.kind,
            original=None if published is None else OriginalView.of(published),
        )


class VideoPage(msgspec.Struct, frozen=True):
    """A page of videos, newest first."""

    items: list[VideoResponse]
    next_cursor: Annotated[str | None, Meta(description="The cursor of the next page; null on the last page.")]

    @classmethod
    def of(cls, page: Page) -> Self:
        """The response for a page."""
        cursor = page.next_cursor
        return cls([VideoResponse.of(video) for video in page.videos], cursor.encoded() if cursor is not None else None)


def _status(video: Video) -> dict[str, Any]:
    # The transcription of a video may fail during its processing; clients see that once the video has failed.
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


class UploadCompleteResponse(msgspec.Struct, frozen=True):
    """The upload is accepted. `status` is always `uploaded`, even if the video has moved on since."""

    video_id: VideoIdText
    status_url: str
    status: Literal["uploaded"] = "uploaded"

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for an accepted video."""
        return cls(video.id, status_url(video))
