"""Picks the adapters by the settings and wires the use cases; nothing else does."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from dramatiq import Broker
from dramatiq.middleware import Middleware

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.jwt.token_authority import HS256TokenAuthority
from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.object_store import LocalObjectStore
from adapters.openai.config import OpenAIConfig
from adapters.openai.transcriber import open_transcriber
from adapters.sql.database import sqlite_database
from adapters.system.clock import SystemClock
from adapters.system.folder_lock import folder_lock
from adapters.system.id_generator import RandomIdGenerator
from adapters.system.secret import load_or_create_secret
from adapters.system.workspace import LocalWorkspace
from adapters.taskqueue.in_process_broker import InProcessBroker
from adapters.taskqueue.job_queue import DramatiqJobQueue, SweptJobQueue
from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import WhisperTranscriber
from domain.model.job import JobKind, QueueName
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
from entrypoints.settings import Settings, SettingsError

MAINTENANCE_CONCURRENCY = 1


class Role(StrEnum):
    """What a process, or one event loop of it, is there for."""

    API = "api"
    WORKER = "worker"


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


@asynccontextmanager
async def bootstrap(settings: Settings, role: Role, broker: Broker | None = None) -> AsyncGenerator[Application]:
    """The application on real adapters, for the event loop that enters.

    One process at a time plays each role on a data folder, so it may tidy up after the one before.

    Raises:
        SettingsError: something the settings ask for is not installed.
        Conflict: `data_folder_in_use`.
        Unavailable: something outside does not answer.
    """
    check_extras(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        stack.enter_context(folder_lock(settings.data_dir / f"{role}.lock"))
        clock = SystemClock()
        objects, gateway = _local_bucket(settings, clock)
        workspace = LocalWorkspace(settings.data_dir / "work", reserve_bytes=settings.disk_reserve_bytes)
        if role is Role.WORKER:
            await workspace.clear()
        else:
            await objects.clear_incoming()
        adapters = Adapters(
            database=await stack.enter_async_context(sqlite_database(settings.data_dir / "telecine.db")),
            objects=objects,
            bucket_gateway=gateway,
            queue=SweptJobQueue() if broker is None else DramatiqJobQueue(broker),
            transcoder=FFmpegTranscoder(threads=settings.ffmpeg_threads),
            transcriber=await _open_transcriber(settings, clock, stack),
            workspace=workspace,
            clock=clock,
            ids=RandomIdGenerator(),
            tokens=token_authority(settings),
        )
        yield wire(adapters, settings)


def make_broker(settings: Settings, middleware: list[Middleware]) -> Broker:
    """The broker that joins this installation's processes."""
    concurrency = {
        QueueName.MEDIA.value: settings.media_concurrency,
        QueueName.IO.value: settings.io_concurrency,
        QueueName.MAINTENANCE.value: MAINTENANCE_CONCURRENCY,
    }
    return InProcessBroker(concurrency, middleware)


def token_authority(settings: Settings) -> TokenAuthority:
    """Who checks and issues tokens; the embedded default makes its secret on first use."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.jwt_secret is None:
        secret = load_or_create_secret(settings.data_dir / "jwt.secret")
    else:
        secret = settings.jwt_secret.reveal().encode()
    return HS256TokenAuthority(secret, SystemClock(), audience=settings.jwt_audience, issuer=settings.jwt_issuer)


async def migrate(settings: Settings) -> None:
    """Bring the database to the tables this version needs."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with sqlite_database(settings.data_dir / "telecine.db"):
        pass


def check_extras(settings: Settings) -> None:
    """Pass when what the settings ask for is installed.

    Raises:
        SettingsError: it isn't, and what to install.
    """
    if settings.transcriber == "local" and find_spec("faster_whisper") is None:
        raise SettingsError(
            ["TELECINE_TRANSCRIBER=local needs the extra `telecine[local]`; install it, or set it to openai or none"]
        )


def _local_bucket(settings: Settings, clock: Clock) -> tuple[LocalObjectStore, LocalBucketGateway]:
    root: Path = settings.data_dir / "bucket"
    root.mkdir(parents=True, exist_ok=True)
    secret = load_or_create_secret(settings.data_dir / "bucket.secret")
    base_url = settings.public_url
    return (
        LocalObjectStore(root, secret=secret, base_url=base_url, clock=clock),
        LocalBucketGateway(root, secret=secret, base_url=base_url, clock=clock),
    )


async def _open_transcriber(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Transcriber | None:
    match settings.transcriber:
        case "none":
            return None
        case "local":
            model = settings.transcription_model or WhisperConfig().model
            return await stack.enter_async_context(
                WhisperTranscriber(WhisperConfig(model=model, cpu_threads=settings.whisper_threads))
            )
        case "openai":
            key = settings.openai_api_key
            config = OpenAIConfig(
                api_key=key.reveal() if key is not None else None,
                base_url=settings.openai_base_url,
                model=settings.transcription_model or OpenAIConfig().model,
            )
            return await stack.enter_async_context(open_transcriber(config, clock))


def wire(adapters: Adapters, settings: Settings) -> Application:
    """The use cases over any adapters: real ones here, fakes in tests."""
    jobs = JobMaker(adapters.ids, settings.job_max_attempts)
    send = SendJob(adapters.database, adapters.queue)
    handlers = _handlers(adapters, settings, jobs, send)
    database, objects, clock = adapters.database, adapters.objects, adapters.clock
    return Application(
        grant_upload=GrantUpload(
            database,
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
        sweep_jobs=SweepJobs(database, handlers, send),
        tokens=adapters.tokens,
        bucket_gateway=adapters.bucket_gateway,
    )


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
        progress,
        MediaPolicy(max_duration_s=settings.max_video_seconds),
        CompressSource(transcoder, clock, progress, profile),
        PrepareTranscription(
            database, objects, transcoder, clock, jobs, send, progress, is_enabled=adapters.transcriber is not None
        ),
        PublishVideo(database, objects, clock, jobs, send, progress),
    )
