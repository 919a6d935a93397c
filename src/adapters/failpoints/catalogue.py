"""The catalogue of crash points: each names the call of a port at which a test can make the process die."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from adapters.failpoints.proxies import Call, Moment
from domain.model.failure import FailureCode
from domain.model.jobs.job import Job, NewJob
from domain.model.jobs.payloads import ErasePayload, JobKind, kind_of
from domain.model.videos.video import Video
from domain.ports.event_bus import EventsWritten

SELF_KILLING_EXTENSION = ".3gp"

# Unlike the poster of a rendition, it has the id of its job in its name.
_CHOSEN_POSTER = re.compile(r"-poster[0-9a-f]{32}\.jpg$")

CallFilter = Callable[[Call], bool]


def _any_call(_call: Call) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """A moment in a call of a port's method; for the database, `method` is `repository.method`."""

    port: str
    method: str
    moment: Moment
    concerns: CallFilter = _any_call


def _named(call: Call, kind: type[str] | type[Path]) -> list[str]:
    return [str(argument) for argument in call.arguments if isinstance(argument, kind)]


def _source_key(call: Call) -> bool:
    return any(key.startswith("videos/") for key in _named(call, str))


def _self_killing_key(call: Call) -> bool:
    return any(key.endswith(SELF_KILLING_EXTENSION) for key in _named(call, str))


def _derived_key(name: str) -> CallFilter:
    return lambda call: any(key.endswith(f"-{name}") for key in _named(call, str))


def _chosen_poster(call: Call) -> bool:
    return any(_CHOSEN_POSTER.search(key) for key in _named(call, str))


def _growing(call: Call) -> bool:
    return any(isinstance(video, Video) and video.source.is_growing for video in call.arguments)


def _source_file(call: Call) -> bool:
    return any(Path(path).name == "source" for path in _named(call, Path))


def _job_of_kind(kind: JobKind) -> CallFilter:
    def concerns(call: Call) -> bool:
        given = (*call.arguments, call.result)
        return any(isinstance(job, Job | NewJob) and kind_of(job.payload) is kind for job in given)

    return concerns


def _publishing(call: Call) -> bool:
    """Whether the call adds the job of a publication, which erases all objects but the published ones."""
    payloads = [job.payload for job in call.arguments if isinstance(job, NewJob)]
    return any(isinstance(payload, ErasePayload) and bool(payload.keep) for payload in payloads)


def _aborted_with(code: FailureCode) -> CallFilter:
    def concerns(call: Call) -> bool:
        videos = [video for video in call.arguments if isinstance(video, Video)]
        return any(video.failure is not None and video.failure.code is code for video in videos)

    return concerns


def _hint(call: Call) -> bool:
    return any(isinstance(message, EventsWritten) for message in call.arguments)


def _has_result(call: Call) -> bool:
    return bool(cast("list[Job]", call.result))


_BEFORE, _STARTED, _DURING, _AFTER = Moment.BEFORE, Moment.STARTED, Moment.DURING, Moment.AFTER
_COMMITTING, _COMMITTED = Moment.COMMITTING, Moment.COMMITTED
_PROCESS, _TRANSCRIBE, _ERASE = (_job_of_kind(kind) for kind in (JobKind.PROCESS, JobKind.TRANSCRIBE, JobKind.ERASE))
_AUDIO, _POSTER, _RENDITION = (_derived_key(name) for name in ("audio.ogg", "poster.jpg", "rendition.mp4"))

CRASH_POINTS: dict[str, CrashPoint] = {
    # Uploads.
    "presign_row_not_committed": CrashPoint("database", "videos.add", _COMMITTING),
    "presign_row_committed": CrashPoint("database", "videos.add", _COMMITTED),
    "multipart_begun_row_not_committed": CrashPoint("multipart", "create", _AFTER),
    "growing_part_not_committed": CrashPoint("database", "videos.save", _COMMITTING, _growing),
    "growing_part_committed_not_answered": CrashPoint("database", "videos.save", _COMMITTED, _growing),
    "parts_joined_not_accepted": CrashPoint("multipart", "complete", _AFTER),
    "proxied_part_stored": CrashPoint("multipart", "upload_part", _AFTER),
    "complete_after_head": CrashPoint("objects", "peek", _AFTER, _source_key),
    "complete_not_committed": CrashPoint("database", "jobs.add", _COMMITTING, _PROCESS),
    "complete_committed_not_sent": CrashPoint("queue", "send", _BEFORE, _PROCESS),
    "sent_not_marked": CrashPoint("queue", "send", _AFTER, _PROCESS),
    "upload_given_up_erase_not_sent": CrashPoint(
        "database", "videos.save", _COMMITTED, _aborted_with(FailureCode.UPLOAD_FAILED)
    ),
    "upload_cancelled_erase_not_sent": CrashPoint(
        "database", "videos.save", _COMMITTED, _aborted_with(FailureCode.UPLOAD_CANCELLED)
    ),
    "upload_expired_erase_not_sent": CrashPoint(
        "database", "videos.save", _COMMITTED, _aborted_with(FailureCode.UPLOAD_EXPIRED)
    ),
    "retried_not_sent": CrashPoint("database", "jobs.revive", _COMMITTED),
    "video_deleted_erase_not_sent": CrashPoint("database", "videos.delete", _COMMITTED),
    # Events.
    "events_committed_hint_not_published": CrashPoint("bus", "publish", _BEFORE, _hint),
    # Dispatching jobs.
    "swept_not_sent": CrashPoint("database", "jobs.due", _COMMITTED, _has_result),
    "freed_not_sent": CrashPoint("database", "jobs.free", _COMMITTED),
    # Imports.
    "mid_import": CrashPoint("importer", "fetch", _DURING),
    "import_downloaded_not_uploaded": CrashPoint("importer", "fetch", _AFTER),
    "import_uploaded_not_accepted": CrashPoint("objects", "upload", _AFTER, _source_key),
    # Processing.
    "claimed": CrashPoint("database", "jobs.claim", _COMMITTED, _PROCESS),
    "mid_download": CrashPoint("objects", "download", _STARTED, _source_key),
    "downloaded": CrashPoint("objects", "download", _AFTER, _source_key),
    "probed": CrashPoint("transcoder", "probe", _AFTER, _source_file),
    "speech_extracted": CrashPoint("transcoder", "extract_audio", _AFTER),
    "speech_stored_not_owed": CrashPoint("objects", "upload", _AFTER, _AUDIO),
    "chunks_cut": CrashPoint("database", "jobs.add", _COMMITTED, _TRANSCRIBE),
    "mid_ffmpeg": CrashPoint("transcoder", "compress", _DURING),
    "rendition_made_not_proven": CrashPoint("transcoder", "compress", _AFTER),
    "rendition_ready_not_uploaded": CrashPoint("objects", "upload", _BEFORE, _POSTER),
    "mid_upload": CrashPoint("objects", "upload", _STARTED, _RENDITION),
    "uploaded_not_published": CrashPoint("objects", "upload", _AFTER, _RENDITION),
    "publication_not_committed": CrashPoint("database", "jobs.add", _COMMITTING, _publishing),
    "published_erase_not_sent": CrashPoint("database", "jobs.add", _COMMITTED, _publishing),
    "failed_not_rescheduled": CrashPoint("database", "jobs.reschedule", _COMMITTING),
    "self_killing_source": CrashPoint("objects", "download", _AFTER, _self_killing_key),
    # Erasing.
    "upload_aborted_job_not_done": CrashPoint("multipart", "abort", _AFTER),
    "erase_claimed": CrashPoint("database", "jobs.claim", _COMMITTED, _ERASE),
    "published_original_not_deleted": CrashPoint("objects", "delete", _BEFORE, _source_key),
    "deleted_job_not_done": CrashPoint("objects", "delete", _AFTER, _source_key),
    # Transcribing.
    "transcription_claimed": CrashPoint("database", "jobs.claim", _COMMITTED, _TRANSCRIBE),
    "chunk_cut_not_heard": CrashPoint("transcriber", "transcribe", _BEFORE),
    "transcription_answered_chunk_not_saved": CrashPoint("transcriber", "transcribe", _AFTER),
    "chunk_saved": CrashPoint("database", "transcripts.save_chunk", _COMMITTED),
    "transcript_assembled_not_published": CrashPoint("database", "transcripts.save", _COMMITTING),
    "transcript_published_erase_not_sent": CrashPoint("database", "transcripts.save", _COMMITTED),
    # Webhooks.
    "webhook_delivered_not_marked": CrashPoint("webhook_sender", "send", _AFTER),
    "events_fanned_out_not_committed": CrashPoint("database", "webhook_deliveries.save_position", _COMMITTING),
    "events_fanned_out_not_sent": CrashPoint("database", "webhook_deliveries.save_position", _COMMITTED),
    # Choosing a poster.
    "poster_chosen_not_sent": CrashPoint("database", "jobs.add", _COMMITTED, _job_of_kind(JobKind.POSTER)),
    "chosen_poster_stored_not_published": CrashPoint("objects", "upload", _AFTER, _chosen_poster),
    # Regenerating a transcript.
    "asked_again_not_sent": CrashPoint("database", "jobs.add", _COMMITTED, _job_of_kind(JobKind.RETRANSCRIBE)),
    "speech_taken_again_not_owed": CrashPoint("objects", "upload", _AFTER, _derived_key("audio1.ogg")),
}
