"""The video: what a client uploaded, how far it has come, and what can be played."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.model.errors import Conflict, InvalidTransition, VideoNotFound
from domain.model.failure import Failure, FailureCode, VideoWarning, WarningCode
from domain.model.identity import UserId, VideoId
from domain.model.lifecycle import LifecycleEvent, VideoStatus, next_status
from domain.model.media import MediaInfo
from domain.model.source import Publication, Source
from domain.model.speech_hints import NO_HINTS, SpeechHints
from domain.model.stage import FIRST_STAGES, Stage, StageName, StageState

SLOWEST_PUT_S = 24 * 3600.0

UPLOAD_CLOSED = "upload_closed"


@dataclass(frozen=True, slots=True)
class Video:
    """One upload and everything it became. Every change makes a new value."""

    id: VideoId
    owner: UserId
    source: Source
    status: VideoStatus
    stages: tuple[Stage, ...]
    created_at: datetime
    updated_at: datetime
    upload_expires_at: datetime
    media: MediaInfo | None = None
    publication: Publication | None = None
    failure: Failure | None = None
    warnings: tuple[VideoWarning, ...] = ()
    speech_hints: SpeechHints = NO_HINTS

    @classmethod
    def granted(
        cls,
        *,
        video_id: VideoId,
        owner: UserId,
        source: Source,
        now: datetime,
        upload_expires_at: datetime,
        speech_hints: SpeechHints = NO_HINTS,
    ) -> "Video":
        """A video whose client has just been allowed to upload."""
        return cls(
            id=video_id,
            owner=owner,
            source=source,
            status=VideoStatus.UPLOADING,
            stages=FIRST_STAGES,
            created_at=now,
            updated_at=now,
            upload_expires_at=upload_expires_at,
            speech_hints=speech_hints,
        )

    @property
    def playable(self) -> bool:
        """The rendition, or the kept original, can be played."""
        return self.publication is not None

    @property
    def is_uploaded(self) -> bool:
        """The object was once verified in the bucket."""
        return self.source.etag is not None

    @property
    def is_imported(self) -> bool:
        """No client uploads it: a worker fetches it."""
        return self.source.youtube_id is not None

    @property
    def is_upload_closed(self) -> bool:
        """The upload came to nothing: it was given up, cancelled, or never reported complete."""
        return self.failure is not None and self.failure.stage is StageName.UPLOAD

    def stage(self, name: StageName) -> Stage:
        """The stage of this name."""
        return next(stage for stage in self.stages if stage.name is name)

    def require_owner(self, user_id: UserId) -> "Video":
        """The video itself, for its owner alone.

        Raises:
            VideoNotFound: it belongs to somebody else; that looks as if it did not exist.
        """
        if self.owner != user_id:
            raise VideoNotFound
        return self

    def uploaded(self, *, etag: str, now: datetime) -> "Video":
        """The object was found as declared."""
        verified = replace(self._after(LifecycleEvent.UPLOAD_COMPLETED, now), source=replace(self.source, etag=etag))
        return verified.with_stage(StageName.UPLOAD, StageState.DONE, now=now)

    def upload_closed(self, failure: Failure, *, now: datetime) -> "Video":
        """The client gave up or cancelled, or never came; of what it may have uploaded nothing is kept.

        Raises:
            InvalidTransition: it is too late for that.
        """
        return self._failed(_CLOSING_EVENTS.get(failure.code, LifecycleEvent.UPLOAD_FAILED), failure, now)

    def signed_until(self, expires_at: datetime, *, now: datetime) -> "Video":
        """The client is there, with more URLs or sending to us, and may upload until then at least."""
        return replace(self, upload_expires_at=max(self.upload_expires_at, expires_at), updated_at=now)

    def of_size(self, size_bytes: int) -> "Video":
        """The source's size, where nobody could declare it."""
        return replace(self, source=replace(self.source, size_bytes=size_bytes))

    def retried(self, *, now: datetime) -> "Video":
        """What had failed is tried once more.

        Raises:
            InvalidTransition: it has not failed.
        """
        is_to_be_fetched = self.is_imported and not self.is_uploaded
        event = LifecycleEvent.IMPORT_RETRIED if is_to_be_fetched else LifecycleEvent.RETRIED
        waiting = replace(self._after(event, now), failure=None)
        return replace(waiting, stages=tuple(map(self._reset, self.stages)))

    def processing(self, *, now: datetime) -> "Video":
        """A worker has the video; a repeat after a lost worker changes nothing."""
        if self.status is VideoStatus.PROCESSING:
            return self
        return self._after(LifecycleEvent.PROCESSING_STARTED, now)

    def begun(self, *, now: datetime) -> "Video":
        """Work on an uploaded video has begun; one that is further on stays where it is."""
        return self.processing(now=now) if self.status is VideoStatus.UPLOADED else self

    def completed(self, *, now: datetime) -> "Video":
        """Nothing is left to be done."""
        return self._after(LifecycleEvent.PROCESSING_COMPLETED, now)

    def processing_failed(self, failure: Failure, *, now: datetime) -> "Video":
        """Work ends here for good; what was published stays playable."""
        return self._failed(LifecycleEvent.PROCESSING_FAILED, failure, now)

    def probed(self, media: MediaInfo, *, now: datetime) -> "Video":
        """What the source is made of is known."""
        return replace(self, media=media, updated_at=now)

    def published(self, publication: Publication, *, now: datetime) -> "Video":
        """There is something to play."""
        published = replace(self, publication=publication)
        return published.with_stage(StageName.PUBLISH, StageState.DONE, now=now)

    def warned(self, warning: VideoWarning, *, now: datetime) -> "Video":
        """A client should know this; the same code is told once."""
        if any(known.code is warning.code for known in self.warnings):
            return self
        return replace(self, warnings=(*self.warnings, warning), updated_at=now)

    def stage_started(self, name: StageName, *, attempt: int, now: datetime) -> "Video":
        """A step begins, or begins again."""
        return self._replacing(self.stage(name).started(attempt), now).begun(now=now)

    def stage_progressed(
        self, name: StageName, percent: float, *, now: datetime, speed: float | None = None, eta_s: float | None = None
    ) -> "Video":
        """A step has come this far."""
        return self._replacing(self.stage(name).progressed(percent, speed=speed, eta_s=eta_s), now)

    def with_stage(self, name: StageName, state: StageState, *, now: datetime) -> "Video":
        """A step ends in this state."""
        return self._replacing(self.stage(name).settled(state), now)

    def without_transcription(self, *, now: datetime) -> "Video":
        """Nobody is there to transcribe; the video is complete without. What is settled already stays."""
        if self.stage(StageName.TRANSCRIBE).state.is_settled:
            return self
        warning = VideoWarning(WarningCode.TRANSCRIPTION_DISABLED, "No transcriber is configured.")
        return self.warned(warning, now=now).with_stage(StageName.TRANSCRIBE, StageState.SKIPPED, now=now)

    def transcription_failed(self, reason: str, *, now: datetime) -> "Video":
        """The stage fails for good; why is kept for when the video settles, unless it has failed already."""
        failed = replace(self, failure=self.failure or _transcription_failed(reason))
        return failed.with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=now)

    def settled(self, *, now: datetime) -> "Video":
        """Completed, or failed in transcription, once nothing is left to wait for; else unchanged.

        A transcription that failed early does not end the video before there is something to play.
        """
        transcribe = self.stage(StageName.TRANSCRIBE)
        if self.status.is_terminal or not (self.playable and transcribe.state.is_settled):
            return self
        begun = self.begun(now=now)
        if transcribe.state is StageState.FAILED:
            return begun.processing_failed(self.failure or _transcription_failed(), now=now)
        return begun.completed(now=now)

    def is_silent_upload(self, *, heard_before: datetime, now: datetime) -> bool:
        """It still uploads, but nothing was heard of its client since, and no URL takes anything any more."""
        is_silent = self.updated_at < heard_before and self.upload_expires_at < now
        return self.status is VideoStatus.UPLOADING and is_silent

    def uploads_end_in_s(self, *, now: datetime) -> float:
        """Seconds until no client can be writing to the source any more.

        An expired URL admits no new PUT, but one that began before may take its time.
        """
        return max((self.upload_expires_at - now).total_seconds(), 0.0) + SLOWEST_PUT_S

    def require_uploading(self) -> "Video":
        """The video itself, while its client may still upload.

        Raises:
            Conflict: `imported_video`, `upload_closed` or `upload_completed`.
        """
        self.require_client().require_open_upload()
        if self.is_uploaded:
            raise Conflict("This upload is complete.", code="upload_completed")
        return self

    def require_client(self) -> "Video":
        """The video itself, if it is a client that uploads it.

        Raises:
            Conflict: `imported_video`.
        """
        if self.is_imported:
            raise Conflict("This video is fetched by the server; there is nothing to upload.", code="imported_video")
        return self

    def require_open_upload(self) -> "Video":
        """The video itself, unless its upload has come to nothing.

        Raises:
            Conflict: `upload_closed`.
        """
        if self.is_upload_closed:
            raise Conflict("This upload has ended; start a new one.", code=UPLOAD_CLOSED)
        return self

    def require_cancellable(self) -> "Video":
        """The video itself, before anybody has worked on it.

        Raises:
            Conflict: `upload_closed` or `processing_begun`.
        """
        self.require_open_upload()
        if self.status not in {VideoStatus.UPLOADING, VideoStatus.UPLOADED} or self.playable:
            raise Conflict("Processing has begun; delete the video instead.", code="processing_begun")
        return self

    def require_uploaded(self) -> str:
        """The ETag of the verified object: only that object may be worked on.

        Raises:
            InvalidTransition: nothing was verified yet.
        """
        if self.source.etag is None:
            raise InvalidTransition("The upload is not complete.")
        return self.source.etag

    def require_playable(self) -> Publication:
        """What can be played.

        Raises:
            Conflict: `not_playable`: nothing can be played yet, or ever.
        """
        if self.publication is None:
            raise Conflict("There is nothing to play (yet).", code="not_playable")
        return self.publication

    def _reset(self, stage: Stage) -> Stage:
        """What failed on the way to something to play is over once that is there."""
        return stage if self.playable and stage.name is not StageName.TRANSCRIBE else stage.reset()

    def _after(self, event: LifecycleEvent, now: datetime) -> "Video":
        return replace(self, status=next_status(self.status, event), updated_at=now)

    def _failed(self, event: LifecycleEvent, failure: Failure, now: datetime) -> "Video":
        failed = replace(self._after(event, now), failure=failure)
        return failed.with_stage(failure.stage, StageState.FAILED, now=now)

    def _replacing(self, changed: Stage, now: datetime) -> "Video":
        stages = tuple(changed if stage.name is changed.name else stage for stage in self.stages)
        return replace(self, stages=stages, updated_at=now)


_CLOSING_EVENTS = {
    FailureCode.UPLOAD_CANCELLED: LifecycleEvent.UPLOAD_CANCELLED,
    FailureCode.UPLOAD_EXPIRED: LifecycleEvent.UPLOAD_EXPIRED,
}


def _transcription_failed(reason: str = "") -> Failure:
    message = f"The video can be played, but its speech could not be transcribed. {reason}".rstrip()
    return Failure(StageName.TRANSCRIBE, FailureCode.TRANSCRIPTION_FAILED, message)
