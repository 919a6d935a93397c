"""The video: its source, its status and stages, and its publication."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.model.errors import StaleVideo
from domain.model.failure import Failure, VideoWarning, WarningCode
from domain.model.ids import UserId, VideoId
from domain.model.media.media_info import MediaInfo
from domain.model.object_key import ObjectKey
from domain.model.stage import FIRST_STAGES, Stage, StageName, StageState
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.uploads.labels import NO_LABELS, LabelChanges, Labels
from domain.model.uploads.original_policy import OriginalChoice
from domain.model.videos.events import Event, EventType, closing_event, event_type
from domain.model.videos.lifecycle import LifecycleEvent, VideoStatus, next_status
from domain.model.videos.source import Publication, Source
from domain.model.videos.transcription_outcome import transcription_failure, without_transcription_warnings

SLOWEST_PUT_S = 24 * 3600.0


class CaptionState(StrEnum):
    """The captions that a video has now: none, generated ones, or its owner's own."""

    NONE = "none"
    GENERATED = "generated"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Video:
    """One uploaded or imported video. It is immutable: every change returns a new value.

    `captions` is what the transcript has when the video is read; saving the video does not change it. `event_seq` is
    the number of the video's last event. `pending_events` are the events since the video was read; the repository
    writes them with the video, each of them once.
    """

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
    original_choice: OriginalChoice | None = None
    labels: Labels = NO_LABELS
    captions: CaptionState = field(default=CaptionState.NONE, compare=False)
    event_seq: int = 0
    pending_events: tuple[Event, ...] = field(default=(), compare=False, repr=False)

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
        original_choice: OriginalChoice | None = None,
        labels: Labels = NO_LABELS,
    ) -> "Video":
        """A new video in `uploading`, whose client may upload until `upload_expires_at`."""
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
            original_choice=original_choice,
            labels=labels,
        )

    @property
    def title(self) -> str:
        """The title that the owner chose, or else the name of the file."""
        return self.labels.title or self.source.filename

    @property
    def playable(self) -> bool:
        """Whether the rendition or the original is published and can be played."""
        return self.publication is not None

    @property
    def is_uploaded(self) -> bool:
        """Whether the uploaded object was verified in the bucket."""
        return self.source.etag is not None

    @property
    def is_imported(self) -> bool:
        """Whether a worker downloads the source, so that no client uploads it."""
        return self.source.youtube_id is not None

    @property
    def is_upload_closed(self) -> bool:
        """Whether the upload has ended without success: failed, cancelled or expired."""
        return self.failure is not None and self.failure.stage is StageName.UPLOAD

    def events_after(self, seq: int) -> tuple[Event, ...]:
        """The pending events after this number, which a repository has still to write."""
        return tuple(event for event in self.pending_events if event.seq > seq)

    def require_none_lost(self, written_seq: int, logged: Mapping[int, tuple[str, datetime]]) -> None:
        """Check the pending events up to `written_seq`, which a repository does not write again, against the log.

        `logged` has the type and time of each event in the log by its number.

        Raises:
            StaleVideo: the log has another event under one of the numbers, so this one would be lost.
        """
        for event in self.pending_events:
            is_other = logged.get(event.seq) not in {None, (event.type, event.occurred_at)}
            if event.seq <= written_seq and is_other:
                raise StaleVideo(self.id)

    def stage(self, name: StageName) -> Stage:
        """The stage with this name."""
        return next(stage for stage in self.stages if stage.name is name)

    def uploaded(self, *, etag: str, now: datetime) -> "Video":
        """Record that the object in the bucket was verified."""
        verified = replace(
            self._after(LifecycleEvent.UPLOAD_COMPLETED, now, failure=self.failure),
            source=replace(self.source, etag=etag),
        )
        return verified.with_stage(StageName.UPLOAD, StageState.DONE, now=now)

    def upload_closed(self, failure: Failure, *, now: datetime) -> "Video":
        """Fail the video because its upload failed, was cancelled or has expired.

        Raises:
            InvalidTransition: the status no longer allows it.
        """
        return self._failed(closing_event(failure.code), failure, now)

    def upload_extended(self, expires_at: datetime, *, now: datetime) -> "Video":
        """Extend the upload at least to `expires_at`, because the client has new URLs or is still sending."""
        return replace(self, upload_expires_at=max(self.upload_expires_at, expires_at), updated_at=now)

    def with_size(self, size_bytes: int) -> "Video":
        """Set the source's size, which was not known when the video was created."""
        return replace(self, source=replace(self.source, size_bytes=size_bytes, is_growing=False))

    def grown(self, size_bytes: int) -> "Video":
        """Let the growing source have at least this size; parts that were signed earlier may still arrive."""
        return replace(self, source=replace(self.source, size_bytes=max(self.source.size_bytes, size_bytes)))

    def retried(self, *, now: datetime) -> "Video":
        """Return to `uploaded`, or to `uploading` for an import that was not downloaded, and reset the failed stages.

        Raises:
            InvalidTransition: the video has not failed.
        """
        needs_import = self.is_imported and not self.is_uploaded
        event = LifecycleEvent.IMPORT_RETRIED if needs_import else LifecycleEvent.RETRIED
        waiting = self._after(event, now, failure=None)
        return replace(waiting, stages=tuple(map(self._reset, self.stages)))

    def processing_started(self, *, now: datetime) -> "Video":
        """Record that a worker is processing the video; a repeat, such as after a lost worker, changes nothing."""
        if self.status is VideoStatus.PROCESSING:
            return self
        return self._after(LifecycleEvent.PROCESSING_STARTED, now, failure=self.failure)

    def processing_if_uploaded(self, *, now: datetime) -> "Video":
        """Move an uploaded video to `processing`; one in any other status is unchanged."""
        return self.processing_started(now=now) if self.status is VideoStatus.UPLOADED else self

    def completed(self, *, now: datetime) -> "Video":
        """Record that all work is done."""
        return self._after(LifecycleEvent.PROCESSING_COMPLETED, now, failure=self.failure)

    def processing_failed(self, failure: Failure, *, now: datetime) -> "Video":
        """Fail the video permanently; what was published stays playable."""
        return self._failed(LifecycleEvent.PROCESSING_FAILED, failure, now)

    def probed(self, media: MediaInfo, *, now: datetime) -> "Video":
        """Record the properties of the source's media."""
        return replace(self, media=media, updated_at=now)

    def published(self, publication: Publication, *, now: datetime) -> "Video":
        """Record what was published: the video is playable."""
        published = replace(self, publication=publication)
        if not self.playable:
            published = published.with_event(EventType.VIDEO_PLAYABLE, now)
        return published.with_stage(StageName.PUBLISH, StageState.DONE, now=now)

    def without_original(self, *, now: datetime) -> "Video":
        """Record that the original beside the rendition is no longer kept."""
        publication = None if self.publication is None else self.publication.without_original()
        return replace(self, publication=publication, updated_at=now)

    def labelled(self, changes: LabelChanges, *, now: datetime) -> "Video":
        """Change the labels; a change that changes nothing leaves the video as it is.

        Raises:
            Rejected: `invalid_title`, `invalid_external_id` or `invalid_metadata`.
        """
        changed = changes.applied_to(self.labels)
        return self if changed == self.labels else replace(self, labels=changed, updated_at=now)

    def warned(self, warning: VideoWarning, *, now: datetime) -> "Video":
        """Add a warning; one whose code is already there is not added again."""
        if any(known.code is warning.code for known in self.warnings):
            return self
        return replace(self, warnings=(*self.warnings, warning), updated_at=now)

    def with_event(self, name: EventType, now: datetime, language: str | None = None) -> "Video":
        """Add a pending event about the video as it is now."""
        event = Event(
            type=name,
            owner=self.owner,
            occurred_at=now,
            video_id=self.id,
            seq=self.event_seq + 1,
            status=self.status,
            playable=self.playable,
            failure=self.failure,
            title=self.title,
            external_id=self.labels.external_id,
            details={} if language is None else {"language": language},
        )
        return replace(self, event_seq=event.seq, pending_events=(*self.pending_events, event))

    def stage_started(self, name: StageName, *, attempt: int, now: datetime) -> "Video":
        """Start a stage, or start it again."""
        return self._replacing(self.stage(name).started(attempt), now).processing_if_uploaded(now=now)

    def stage_progressed(
        self, name: StageName, percent: float, *, now: datetime, speed: float | None = None, eta_s: float | None = None
    ) -> "Video":
        """Record the progress of a running stage."""
        return self._replacing(self.stage(name).progressed(percent, speed=speed, eta_s=eta_s), now)

    def with_stage(self, name: StageName, state: StageState, *, now: datetime) -> "Video":
        """End a stage in this state."""
        return self._replacing(self.stage(name).settled(state), now)

    def transcription_requested(self, hints: SpeechHints | None, *, now: datetime) -> "Video":
        """Make the stage `transcribe` pending again; `hints` replace the video's own unless they are None.

        A failed video returns to `uploaded`, as with a retry. A completed video stays completed.
        """
        waiting = self.retried(now=now) if self.status is VideoStatus.FAILED else self
        hints = self.speech_hints if hints is None else hints
        stages = _with_stage(waiting.stages, Stage(StageName.TRANSCRIBE))
        return replace(
            waiting,
            stages=stages,
            speech_hints=hints,
            warnings=without_transcription_warnings(waiting.warnings),
            updated_at=now,
        )

    def transcribed(self, *, now: datetime, language: str | None = None) -> "Video":
        """Record that a generated transcript was stored, and settle the video."""
        video = self.with_stage(StageName.TRANSCRIBE, StageState.DONE, now=now)
        return video.with_event(EventType.TRANSCRIPT_READY, now, language).settled(now=now)

    def captions_replaced(self, *, now: datetime, language: str | None = None) -> "Video":
        """Record that captions were uploaded: a transcription that is not done is skipped, and its failure is cleared.

        The video is settled.
        """
        video = self.with_event(EventType.CAPTIONS_REPLACED, now, language)
        if self.failure is not None and self.failure.stage is StageName.TRANSCRIBE:
            is_failed = self.status is VideoStatus.FAILED
            video = video.retried(now=now) if is_failed else replace(video, failure=None)
        video = replace(video, warnings=without_transcription_warnings(video.warnings), updated_at=now)
        if video.stage(StageName.TRANSCRIBE).state is StageState.DONE:
            return video
        return video.transcription_skipped(now=now)

    def captions_removed(self, *, now: datetime) -> "Video":
        """Record that the uploaded captions were deleted."""
        return replace(self, updated_at=now).with_event(EventType.CAPTIONS_REMOVED, now)

    def poster_replaced(self, key: ObjectKey, *, now: datetime) -> "Video":
        """Record that the poster which the owner has chosen was stored; a warning that there is none is obsolete."""
        publication = None if self.publication is None else replace(self.publication, poster_key=key)
        changed = replace(self.without_poster_warning(), publication=publication, updated_at=now)
        return changed.with_event(EventType.POSTER_READY, now)

    def poster_failed(self, reason: str, *, now: datetime) -> "Video":
        """Record that the poster which the owner has chosen could not be made; the warning has the last reason."""
        warning = VideoWarning(WarningCode.POSTER_FAILED, f"The chosen poster could not be made. {reason}")
        return self.without_poster_warning().warned(warning, now=now).with_event(EventType.POSTER_FAILED, now)

    def without_poster_warning(self) -> "Video":
        """Without the warning that a poster could not be made."""
        kept = tuple(warning for warning in self.warnings if warning.code is not WarningCode.POSTER_FAILED)
        return replace(self, warnings=kept)

    def deleted(self, *, now: datetime) -> "Video":
        """Record the last event of a video whose row is deleted."""
        return self.with_event(EventType.VIDEO_DELETED, now)

    def transcription_disabled(self, *, now: datetime) -> "Video":
        """Skip the transcription, with a warning, since no transcriber is configured; a settled stage is unchanged."""
        if self.stage(StageName.TRANSCRIBE).state.is_settled:
            return self
        warning = VideoWarning(WarningCode.TRANSCRIPTION_DISABLED, "No transcriber is configured.")
        return self.warned(warning, now=now).with_stage(StageName.TRANSCRIBE, StageState.SKIPPED, now=now)

    def transcription_skipped(self, *, now: datetime) -> "Video":
        """Skip the stage `transcribe`, and settle the video."""
        return self.with_stage(StageName.TRANSCRIBE, StageState.SKIPPED, now=now).settled(now=now)

    def transcription_too_long(self, audio_s: float, *, now: datetime) -> "Video":
        """Skip the transcription, with a warning, because there is more audio than the operator allows."""
        message = f"The audio of {audio_s / 60:.0f} minutes exceeds this server's limit for transcription."
        warning = VideoWarning(WarningCode.TRANSCRIPTION_TOO_LONG, message)
        return self.warned(warning, now=now).transcription_skipped(now=now)

    def transcription_failed(self, reason: str, *, now: datetime) -> "Video":
        """Fail the stage `transcribe` permanently, and settle the video.

        The reason becomes the video's failure unless it has another. A completed video stays completed, with a warning.
        """
        if self.status is VideoStatus.COMPLETED:
            message = f"The transcript could not be regenerated. {reason}"
            warned = self.warned(VideoWarning(WarningCode.TRANSCRIPTION_FAILED, message), now=now)
            return warned.with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=now)
        failed = replace(self, failure=self.failure or transcription_failure(reason))
        return failed.with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=now).settled(now=now)

    def settled(self, *, now: datetime) -> "Video":
        """Complete the video, or fail it if its transcription failed, once it is playable and that stage is settled.

        Otherwise the video is unchanged: a transcription that fails early does not end the video before it is playable.
        """
        transcribe = self.stage(StageName.TRANSCRIBE)
        if self.status.is_terminal or not (self.playable and transcribe.state.is_settled):
            return self
        processing = self.processing_if_uploaded(now=now)
        if transcribe.state is StageState.FAILED:
            return processing.processing_failed(self.failure or transcription_failure(), now=now)
        return processing.completed(now=now)

    def is_silent_upload(self, *, updated_before: datetime, now: datetime) -> bool:
        """Whether it is in `uploading`, was not updated since `updated_before`, and its upload URLs have expired."""
        is_silent = self.updated_at < updated_before and self.upload_expires_at < now
        return self.status is VideoStatus.UPLOADING and is_silent

    def last_put_ends_in_s(self, *, now: datetime) -> float:
        """Seconds until no client can still be writing to the source.

        An expired URL accepts no new PUT, but one that began before may run for up to 24 hours.
        """
        return max((self.upload_expires_at - now).total_seconds(), 0.0) + SLOWEST_PUT_S

    def _reset(self, stage: Stage) -> Stage:
        """A playable video resets only the transcription: its other stages are not repeated."""
        return stage if self.playable and stage.name is not StageName.TRANSCRIBE else stage.reset()

    def _after(self, event: LifecycleEvent, now: datetime, *, failure: Failure | None) -> "Video":
        """The only place at which the status changes, so that every change has its event."""
        changed = replace(self, status=next_status(self.status, event), failure=failure, updated_at=now)
        return changed.with_event(event_type(event, is_imported=self.is_imported), now)

    def _failed(self, event: LifecycleEvent, failure: Failure, now: datetime) -> "Video":
        failed = self._after(event, now, failure=failure)
        return failed.with_stage(failure.stage, StageState.FAILED, now=now)

    def _replacing(self, changed: Stage, now: datetime) -> "Video":
        return replace(self, stages=_with_stage(self.stages, changed), updated_at=now)


def _with_stage(stages: tuple[Stage, ...], changed: Stage) -> tuple[Stage, ...]:
    return tuple(changed if stage.name is changed.name else stage for stage in stages)
