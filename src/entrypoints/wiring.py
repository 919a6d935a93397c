"""Wires the use cases over adapters, whichever those are."""

from dataclasses import dataclass

from domain.model.job import JobKind
from domain.model.media import CompressionProfile, MediaPolicy
from domain.model.upload_policy import UploadPolicy
from domain.ports.bucket_gateway import BucketGateway
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator
from domain.ports.job_queue import JobQueue
from domain.ports.object_store import ObjectStore
from domain.ports.token_authority import TokenAuthority
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber
from domain.ports.workspace import Workspace
from domain.use_cases.admit_video import AdmitVideo
from domain.use_cases.check_health import CheckHealth
from domain.use_cases.complete_upload import CompleteUpload
from domain.use_cases.compress_source import CompressSource
from domain.use_cases.delete_video import DeleteVideo
from domain.use_cases.erase_objects import EraseObjects
from domain.use_cases.fail_upload import FailUpload
from domain.use_cases.get_transcript import GetTranscript
from domain.use_cases.get_video import GetVideo
from domain.use_cases.grant_upload import GrantUpload
from domain.use_cases.issue_playback import IssuePlayback
from domain.use_cases.job_handler import JobHandler, JobHandlers
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.list_videos import ListVideos
from domain.use_cases.prepare_transcription import PrepareTranscription
from domain.use_cases.process_video import ProcessVideo
from domain.use_cases.publish_video import PublishVideo
from domain.use_cases.run_job import RunJob
from domain.use_cases.send_job import SendJob
from domain.use_cases.skip_transcription import SkipTranscription
from domain.use_cases.sweep_jobs import SweepJobs
from domain.use_cases.transcribe_video import TranscribeVideo
from domain.use_cases.video_progress import VideoProgress
from entrypoints.application import Application
from entrypoints.settings import Settings

ALONE_RESEND_S = 900.0
SHARED_RESEND_S = 60.0


@dataclass(frozen=True, slots=True)
class Adapters:
    """One adapter for every port; no transcriber means that nobody transcribes."""

    database: Database
    objects: ObjectStore
    bucket_gateway: BucketGateway | None
    queue: JobQueue
    transcoder: Transcoder
    transcriber: Transcriber | None
    workspace: Workspace
    clock: Clock
    ids: IdGenerator
    tokens: TokenAuthority


def wire(adapters: Adapters, settings: Settings) -> Application:
    """The use cases over any adapters: real ones here, fakes in tests."""
    jobs = JobMaker(adapters.ids, settings.job_max_attempts)
    send = SendJob(adapters.database, adapters.queue)
    handlers = _handlers(adapters, settings, jobs, send)
    database, objects, clock = adapters.database, adapters.objects, adapters.clock
    return Application(
        grant_upload=GrantUpload(
            AdmitVideo(database),
            objects,
            clock,
            adapters.ids,
            UploadPolicy(max_size_bytes=settings.max_upload_bytes),
            settings.presigned_url_expiration_seconds,
        ),
        complete_upload=CompleteUpload(database, objects, clock, jobs, send),
        fail_upload=FailUpload(database, clock, jobs, send),
        get_video=GetVideo(database),
        list_videos=ListVideos(database),
        delete_video=DeleteVideo(database, clock, jobs, send),
        get_transcript=GetTranscript(database),
        issue_playback=IssuePlayback(database, objects, settings.playback_url_expiration_seconds),
        check_health=CheckHealth(database, objects),
        run_job=RunJob(
            database,
            clock,
            handlers,
            lease_s=settings.job_lease_seconds,
            renew_every_s=settings.job_renew_seconds,
        ),
        sweep_jobs=SweepJobs(database, handlers, adapters.queue, resend_after_s=_resend_after_s(settings)),
        tokens=adapters.tokens,
        bucket_gateway=adapters.bucket_gateway,
    )


def _resend_after_s(settings: Settings) -> float:
    """Messages may be lost while everybody lives on, but not inside the one process that knows itself alone."""
    if settings.job_resend_seconds is not None:
        return settings.job_resend_seconds
    is_alone = settings.redis_url is None and settings.database_url is None
    return ALONE_RESEND_S if is_alone else SHARED_RESEND_S


def _handlers(adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob) -> JobHandlers:
    progress = VideoProgress(adapters.database, adapters.clock)
    return JobHandlers(
        {
            JobKind.PROCESS: _process_video(adapters, settings, jobs, send, progress),
            JobKind.TRANSCRIBE: _transcribe_video(adapters, jobs, send, progress),
            JobKind.ERASE: EraseObjects(adapters.database, adapters.objects),
        }
    )


def _transcribe_video(adapters: Adapters, jobs: JobMaker, send: SendJob, progress: VideoProgress) -> JobHandler:
    if adapters.transcriber is None:
        return SkipTranscription(adapters.database, adapters.clock, jobs)
    return TranscribeVideo(
        adapters.database,
        adapters.objects,
        adapters.transcoder,
        adapters.transcriber,
        adapters.workspace,
        adapters.clock,
        jobs,
        send,
        progress,
    )


def _process_video(
    adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob, progress: VideoProgress
) -> ProcessVideo:
    database, objects, transcoder, clock = adapters.database, adapters.objects, adapters.transcoder, adapters.clock
    profile = CompressionProfile(
        crf=settings.compression_crf,
        max_height=settings.compression_max_height,
        max_frame_rate=settings.compression_max_frame_rate,
        preset=settings.compression_preset,
        audio_bitrate_kbps=settings.compression_audio_kbps,
    )
    return ProcessVideo(
        objects,
        transcoder,
        adapters.workspace,
        clock,
        jobs,
        progress,
        MediaPolicy(max_duration_s=settings.max_video_seconds),
        CompressSource(transcoder, clock, progress, profile),
        PrepareTranscription(
            database, objects, transcoder, clock, jobs, send, progress, is_enabled=adapters.transcriber is not None
        ),
        PublishVideo(database, objects, clock, jobs, send, progress),
    )
