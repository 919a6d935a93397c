"""Response bodies of videos."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta

from domain.model.failure import FailureCode, WarningCode
from domain.model.media.media_info import MediaKind
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import Page
from domain.model.videos.source import PublicationKind
from domain.model.videos.video import CaptionState, Video
from domain.use_cases.videos.sign_video import SignVideo, VideoUrls
from entrypoints.http.videos.originals import OriginalView

VideoIdText = Annotated[str, Meta(description="The video's id.", examples=["0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"])]


def status_url(video: Video) -> str:
    """The path at which a client polls the video's status."""
    return f"/api/videos/{video.id}/status"


class StageView(msgspec.Struct, frozen=True):
    """A processing stage of a video."""

    name: Annotated[StageName, Meta(description="The name of the stage.")]
    state: Annotated[
        StageState, Meta(description="Whether the stage waits, runs, is done, was skipped, or has failed.")
    ]
    percent: Annotated[float, Meta(ge=0, le=100, description="How much of the stage is done, from 0 to 100.")]
    attempt: Annotated[int, Meta(description="The number of the attempt, from 1; 0 before the first one.")]
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

    stage: Annotated[StageName, Meta(description="The stage that failed.")]
    code: Annotated[FailureCode, Meta(description="The reason, for programs.")]
    message: Annotated[str, Meta(description="The reason, for people.")]


class WarningView(msgspec.Struct, frozen=True):
    """A problem that did not make the video fail."""

    code: Annotated[WarningCode, Meta(description="The problem, for programs.")]
    message: Annotated[str, Meta(description="The problem, for people.")]


class StatusResponse(msgspec.Struct, frozen=True):
    """The status of a video and the progress of its stages."""

    video_id: VideoIdText
    status: Annotated[VideoStatus, Meta(description="The status of the video.")]
    playable: Annotated[bool, Meta(description="Whether the rendition, or the kept original, can be played.")]
    stages: Annotated[list[StageView], Meta(description="All stages, in the order of processing.")]
    failure: Annotated[
        FailureView | None, Meta(description="Why the video failed; null unless its status is `failed`.")
    ]
    warnings: Annotated[list[WarningView], Meta(description="Problems that did not make the video fail.")]
    created_at: Annotated[datetime, Meta(description="When the video was created.")]
    updated_at: Annotated[
        datetime, Meta(description="When the video was last changed; it changes while work continues.")
    ]

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for a video."""
        return cls(**_status(video))


class MediaView(msgspec.Struct, frozen=True):
    """The container and the streams of the source."""

    kind: Annotated[MediaKind, Meta(description="`audio` if the source is sound alone, with or without cover art.")]
    container: Annotated[str, Meta(description="The name of the container format.")]
    duration_s: Annotated[float, Meta(description="The duration in seconds.")]
    width: Annotated[int, Meta(description="In pixels, after rotation; 0 for sound alone.")]
    height: Annotated[int, Meta(description="In pixels, after rotation; 0 for sound alone.")]
    frame_rate: Annotated[float, Meta(description="Frames per second; 0 if unknown, and for sound alone.")]
    video_codec: Annotated[str | None, Meta(description="null for sound alone.")]
    audio_codec: Annotated[str | None, Meta(description="null without sound.")]


class VideoResponse(StatusResponse, frozen=True, kw_only=True):
    """A video with its source and its rendition."""

    title: Annotated[str, Meta(description="The title that was chosen, or else the name of the file.")]
    external_id: Annotated[str | None, Meta(description="The id that the video has in another system.")]
    metadata: Annotated[dict[str, Any], Meta(description="The JSON object that was stored with the video.")]
    filename: Annotated[str, Meta(description="The name of the file, as the client declared it.")]
    content_type: Annotated[str, Meta(description="The media type of the source.")]
    size_bytes: Annotated[int, Meta(description="The size of the source; 0 while it is unknown.")]
    r2_key: Annotated[str, Meta(description="The key of the source in the bucket.")]
    media: Annotated[MediaView | None, Meta(description="The properties of the source; null until they were measured.")]
    duration_s: Annotated[float | None, Meta(description="The duration in seconds; null until it was measured.")]
    captions: Annotated[
        CaptionState,
        Meta(
            description="The captions that `/transcript` has now: `none`, `generated`, or `own` if they were uploaded."
        ),
    ]
    poster_url: Annotated[str | None, Meta(description="Signed URL of the poster; null if there is none (yet).")]
    playback_url: Annotated[
        str | None,
        Meta(
            description="Signed URL of the file that is played, for the time that `GET …/playback` states; null until "
            "the video is playable."
        ),
    ]
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
    def shown(cls, video: Video, urls: VideoUrls) -> Self:
        """The response for a video with its signed URLs."""
        media = video.media
        published = video.publication
        played = None if published is None else published.main
        return cls(
            **_status(video),
            title=video.title,
            external_id=video.labels.external_id,
            metadata=dict(video.labels.metadata),
            filename=video.source.filename,
            content_type=video.source.content_type,
            size_bytes=video.source.known_size_bytes or 0,
            r2_key=video.source.key,
            media=msgspec.convert(media, MediaView, from_attributes=True) if media is not None else None,
            duration_s=None if media is None else media.duration_s,
            captions=video.captions,
            poster_url=urls.poster,
            playback_url=urls.playback,
            rendition_size_bytes=None if played is None else played.size_bytes,
            original_kept=published is not None and published.kept_original is not None,
            rendition_kind=None if played is None else played.kind,
            original=None if published is None else OriginalView.of(published),
        )


class VideoPage(msgspec.Struct, frozen=True):
    """A page of videos, in the order that was requested."""

    items: Annotated[list[VideoResponse], Meta(description="The videos on this page.")]
    next_cursor: Annotated[str | None, Meta(description="The cursor of the next page; null on the last page.")]

    @classmethod
    def of(cls, page: Page, sign: SignVideo) -> Self:
        """The response for a page."""
        return cls([VideoResponse.shown(video, sign(video)) for video in page.videos], page.next_cursor)


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
    status_url: Annotated[str, Meta(description="Path of the video's status on this server.")]
    status: Annotated[Literal["uploaded"], Meta(description="Always `uploaded`.")] = "uploaded"

    @classmethod
    def of(cls, video: Video) -> Self:
        """The response for an accepted video."""
        return cls(video.id, status_url(video))
