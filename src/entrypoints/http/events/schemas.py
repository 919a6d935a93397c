"""The data of stream messages, and the response with a ticket."""

from datetime import datetime
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.event_bus import StageProgress
from domain.use_cases.events.issue_ticket import IssuedTicket
from domain.use_cases.events.messages import EndReason, ResetReason, UserSnapshot
from entrypoints.http.videos.schemas import FailureView, StatusResponse


class EventView(msgspec.Struct, frozen=True):
    """The data of an event of the log."""

    type: Annotated[EventType, Meta(description="The name of the event.")]
    occurred_at: Annotated[datetime, Meta(description="The time of the event.", tz=True)]
    video_id: Annotated[str | None, Meta(description="null for an event that belongs to no video.")]
    title: Annotated[str | None, Meta(description="The video's title; null in events of earlier versions.")]
    external_id: Annotated[str | None, Meta(description="The id that the video has in another system.")]
    status: Annotated[VideoStatus | None, Meta(description="The video's status after the event.")]
    playable: Annotated[bool, Meta(description="Whether the video can be played.")]
    failure: Annotated[
        FailureView | None, Meta(description="Why the video failed; null unless its status is `failed`.")
    ]
    details: Annotated[dict[str, str], Meta(description="Further values, such as the `language` of a transcript.")]

    @classmethod
    def of(cls, event: Event) -> Self:
        """The data of an event; a failure is shown once the video has failed, as in the status."""
        failure = event.failure if event.status is VideoStatus.FAILED else None
        return cls(
            type=event.type,
            occurred_at=event.occurred_at,
            video_id=event.video_id,
            title=event.title,
            external_id=event.external_id,
            status=event.status,
            playable=event.playable,
            failure=msgspec.convert(failure, FailureView | None, from_attributes=True),
            details=dict(event.details),
        )


class ProgressView(msgspec.Struct, frozen=True):
    """The data of `progress`: how far a running stage is."""

    video_id: Annotated[str, Meta(description="The id of the video.")]
    stage: Annotated[StageName, Meta(description="The running stage.")]
    percent: Annotated[float, Meta(description="How much of the stage is done, from 0 to 100.")]
    attempt: Annotated[int, Meta(description="The number of the attempt at the stage, from 1.")]
    speed: Annotated[float | None, Meta(description="As `speed` of a stage in the status; null if unknown.")]
    eta_s: Annotated[float | None, Meta(description="Estimated seconds until the stage ends; null if unknown.")]

    @classmethod
    def of(cls, progress: StageProgress) -> Self:
        """The data of a percentage."""
        return cls(
            progress.video_id, progress.stage, progress.percent, progress.attempt, progress.speed, progress.eta_s
        )


class SnapshotView(msgspec.Struct, frozen=True):
    """The data of `snapshot` in the stream of a user."""

    videos: Annotated[list[StatusResponse], Meta(description="The videos that are not terminal, newest first.")]
    complete: Annotated[bool, Meta(description="Whether there are no more of them.")]

    @classmethod
    def of(cls, snapshot: UserSnapshot) -> Self:
        """The data of a snapshot."""
        return cls([StatusResponse.of(video) for video in snapshot.videos], snapshot.is_complete)


class ResetView(msgspec.Struct, frozen=True):
    """The data of `reset`: why the stream cannot continue after `Last-Event-ID`."""

    reason: Annotated[ResetReason, Meta(description="Why events are missing.")]


class EndView(msgspec.Struct, frozen=True):
    """The data of `end`: why the server ends the stream."""

    reason: Annotated[EndReason, Meta(description="Why the server ends the stream.")]


class TicketResponse(msgspec.Struct, frozen=True):
    """A ticket that opens one event stream."""

    ticket: Annotated[str, Meta(description="Send it as the query parameter `ticket`; it can be used once.")]
    expires_in: Annotated[int, Meta(description="Seconds within which it must be used.")]

    @classmethod
    def of(cls, issued: IssuedTicket) -> Self:
        """The response with a ticket."""
        return cls(issued.secret, issued.expires_in_s)
