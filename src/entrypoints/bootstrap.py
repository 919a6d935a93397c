"""Picks the adapters by the settings; nothing else does.

An adapter with heavy libraries is loaded when it is picked: an embedded Telecine starts in half the time.
"""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import structlog
from dramatiq import Broker
from dramatiq.middleware import Middleware

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.ffmpeg.trial import checked_build
from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.object_store import LocalObjectStore
from adapters.ratelimit.rate_limiter import memory_rate_limiter
from adapters.sql.database import sqlite_database
from adapters.system.clock import SystemClock
from adapters.system.folder_lock import folder_lock, own_folder
from adapters.system.id_generator import RandomIdGenerator
from adapters.system.secret import load_or_create_secret
from adapters.system.workspace import LocalWorkspace
from adapters.taskqueue.in_process_broker import InProcessBroker
from adapters.taskqueue.job_queue import DramatiqJobQueue, SweptJobQueue
from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import WhisperTranscriber
from adapters.ytdlp.importer import YtDlpImporter
from adapters.ytdlp.installation import installed_version, is_fresh
from domain.model.job import QueueName
from domain.ports.bucket_gateway import BucketGateway
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.job_queue import JobQueue
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.ports.rate_limiter import RateLimiter
from domain.ports.transcriber import Transcriber
from domain.ports.video_importer import VideoImporter
from entrypoints.adapter_configs import openai_config, postgres_config, s3_config, ytdlp_config
from entrypoints.adapters import Adapters
from entrypoints.application import Application
from entrypoints.compression_settings import compression_profile
from entrypoints.crash_points import with_crash_points
from entrypoints.settings import Settings, SettingsError
from entrypoints.token_authorities import make_private, open_token_authority
from entrypoints.wiring import wire

MAINTENANCE_CONCURRENCY = 1

T = TypeVar("T")

_logger = structlog.get_logger("telecine.bootstrap")


class Role(StrEnum):
    """What a process, or one event loop of it, is there for."""

    API = "api"
    WORKER = "worker"
    TOOL = "tool"


@asynccontextmanager
async def bootstrap(settings: Settings, role: Role, broker: Broker | None = None) -> AsyncGenerator[Application]:
    """The application on the adapters that the settings ask for, for the event loop that enters.

    Raises what `open_adapters` and `with_crash_points` raise.
    """
    async with open_adapters(settings, role, broker) as adapters:
        yield wire(with_crash_points(adapters, os.environ), settings)


@asynccontextmanager
async def open_adapters(settings: Settings, role: Role, broker: Broker | None = None) -> AsyncGenerator[Adapters]:
    """One adapter for every port, as the settings ask for it.

    Jobs go over Redis, or else over the broker that joins API and worker in one process.

    Raises:
        SettingsError: something the settings ask for is not installed.
        Conflict: `data_folder_in_use`.
        Unavailable: something outside does not answer.
    """
    check_extras(settings)
    make_private(settings.data_dir)
    async with AsyncExitStack() as stack:
        if lives_in_folder(settings) and role is not Role.TOOL:  # Tools may come two at a time.
            stack.enter_context(folder_lock(settings.data_dir / f"{role}.lock"))
        clock = SystemClock()
        objects, multipart, gateway = await _open_bucket(settings, role, clock, stack)
        yield Adapters(
            database=await stack.enter_async_context(_database(settings)),
            objects=objects,
            multipart=multipart,
            bucket_gateway=gateway,
            queue=await _open_job_queue(settings, broker, stack),
            importer=_importer(settings, role),
            transcoder=await _transcoder(settings, role),
            transcriber=await _open_transcriber(settings, clock, stack),
            workspace=await _open_workspace(settings, role, stack),
            clock=clock,
            ids=RandomIdGenerator(),
            tokens=await open_token_authority(settings, clock, stack),
            rate_limits=await _open_rate_limiter(settings, stack),
        )


def lives_in_folder(settings: Settings) -> bool:
    """Whether the data folder holds what all processes share: each role is then played by one process at a time."""
    return settings.database_url is None or settings.s3_bucket is None


def concurrency_by_queue(settings: Settings) -> dict[QueueName, int]:
    """How many jobs of each queue one worker has in work at once."""
    return {
        QueueName.MEDIA: settings.media_concurrency,
        QueueName.IO: settings.io_concurrency,
        QueueName.MAINTENANCE: MAINTENANCE_CONCURRENCY,
    }


def make_broker(settings: Settings, middleware: list[Middleware], concurrency: Mapping[QueueName, int]) -> Broker:
    """The broker that joins this installation's processes; of the queues that it names, so many jobs at once."""
    if settings.redis_url is None:
        return InProcessBroker(concurrency, middleware)
    from adapters.taskqueue.redis_broker import TelecineRedisBroker

    return TelecineRedisBroker(settings.redis_url.reveal(), concurrency, middleware)


async def _open_job_queue(settings: Settings, broker: Broker | None, stack: AsyncExitStack) -> JobQueue:
    if settings.redis_url is not None:
        from adapters.taskqueue.redis_job_queue import redis_job_queue

        return await stack.enter_async_context(redis_job_queue(settings.redis_url.reveal()))
    return SweptJobQueue() if broker is None else DramatiqJobQueue(broker)


async def _open_rate_limiter(settings: Settings, stack: AsyncExitStack) -> RateLimiter:
    if settings.redis_url is not None:
        from adapters.ratelimit.redis_rate_limiter import redis_rate_limiter

        return await stack.enter_async_context(redis_rate_limiter(settings.redis_url.reveal()))
    return memory_rate_limiter()


async def migrate(settings: Settings) -> None:
    """Bring the database to the tables this version needs."""
    make_private(settings.data_dir)
    if settings.database_url is not None:
        from adapters.sql.postgres import migrate_postgres

        await migrate_postgres(postgres_config(settings))
        return
    async with _database(settings):
        pass  # SQLite is migrated whenever it is opened.


def _database(settings: Settings) -> AbstractAsyncContextManager[Database]:
    if settings.database_url is None:
        return sqlite_database(settings.data_dir / "telecine.db")
    from adapters.sql.postgres import postgres_database

    return postgres_database(postgres_config(settings))


def check_extras(settings: Settings) -> None:
    """Pass when what the settings ask for is installed.

    Raises:
        SettingsError: it isn't, and what to install.
    """
    if settings.transcriber == "local" and find_spec("faster_whisper") is None:
        raise SettingsError(
            ["TELECINE_TRANSCRIBER=local needs the extra `telecine[local]`; install it, or set it to openai or none"]
        )
    if settings.youtube_import and not is_fresh(installed_version()):
        raise SettingsError(["TELECINE_YOUTUBE_IMPORT=true needs the extra `telecine[youtube]`; install it anew"])


def _importer(settings: Settings, role: Role) -> VideoImporter:
    """Only a worker has to see the cookies."""
    cookies = settings.youtube_cookies_file
    if settings.youtube_import and role is Role.WORKER and cookies is not None and not cookies.is_file():
        raise SettingsError([f"TELECINE_YOUTUBE_COOKIES_FILE: there is no file {cookies}"])
    return YtDlpImporter(ytdlp_config(settings, os.environ))


async def _transcoder(settings: Settings, role: Role) -> FFmpegTranscoder:
    """A worker tries its ffmpeg before it takes any work, and says what is missing of it and around it."""
    transcoder = FFmpegTranscoder(threads=settings.ffmpeg_threads)
    if role is Role.WORKER:
        sandbox = await transcoder.check()
        if sandbox.missing:
            _logger.warning("ffmpeg_sandbox_incomplete", missing=sandbox.missing)
        build = await checked_build(transcoder, compression_profile(settings))
        if build.optional:
            _logger.warning("ffmpeg_build_incomplete", missing=build.optional)
    return transcoder


async def _open_workspace(settings: Settings, role: Role, stack: AsyncExitStack) -> LocalWorkspace:
    """Workers of one host share its disk; what a dead one left is removed by whoever comes into its place."""
    root = settings.data_dir / "work"
    if role is Role.WORKER:
        root = stack.enter_context(own_folder(root))
    workspace = LocalWorkspace(root, reserve_bytes=settings.disk_reserve_bytes)
    if role is Role.WORKER:
        await workspace.clear()
    return workspace


async def _open_bucket(
    settings: Settings, role: Role, clock: Clock, stack: AsyncExitStack
) -> tuple[ObjectStore, MultipartStore, BucketGateway | None]:
    """The bucket, and the gateway through which this application plays it, if it does."""
    if settings.s3_bucket is not None:
        from adapters.s3.object_store import open_object_store

        remote = await stack.enter_async_context(open_object_store(s3_config(settings), clock))
        return remote, remote.multipart_store, None
    local, gateway = _local_bucket(settings, clock)
    if role is not Role.TOOL:  # Who comes beside a running service tidies nothing up that is in use.
        await (local if role is Role.WORKER else gateway).clear_incoming()
    return local, local.multipart_store, gateway


def _local_bucket(settings: Settings, clock: Clock) -> tuple[LocalObjectStore, LocalBucketGateway]:
    root: Path = settings.data_dir / "bucket"
    make_private(root)
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
            from adapters.openai.transcriber import open_transcriber

            return await stack.enter_async_context(open_transcriber(openai_config(settings), clock))
