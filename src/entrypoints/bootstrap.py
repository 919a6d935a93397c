"""Picks the adapters by the settings; nothing else does."""

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
from adapters.jwt.jwks_token_authority import issued_elsewhere, open_jwks_authority
from adapters.jwt.key_source import JwksConfig
from adapters.jwt.token_authority import HS256TokenAuthority
from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.object_store import LocalObjectStore
from adapters.openai.config import OpenAIConfig
from adapters.openai.transcriber import open_transcriber
from adapters.ratelimit.rate_limiter import memory_rate_limiter
from adapters.ratelimit.redis_rate_limiter import redis_rate_limiter
from adapters.s3.object_store import open_object_store
from adapters.sql.database import sqlite_database
from adapters.sql.postgres import migrate_postgres, postgres_database
from adapters.system.clock import SystemClock
from adapters.system.folder_lock import folder_lock, own_folder
from adapters.system.id_generator import RandomIdGenerator
from adapters.system.secret import load_or_create_secret
from adapters.system.workspace import LocalWorkspace
from adapters.taskqueue.in_process_broker import InProcessBroker
from adapters.taskqueue.job_queue import DramatiqJobQueue, SweptJobQueue
from adapters.taskqueue.redis_broker import TelecineRedisBroker
from adapters.taskqueue.redis_job_queue import redis_job_queue
from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import WhisperTranscriber
from domain.model.job import QueueName
from domain.ports.bucket_gateway import BucketGateway
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.job_queue import JobQueue
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.ports.rate_limiter import RateLimiter
from domain.ports.token_authority import TokenAuthority
from domain.ports.transcriber import Transcriber
from entrypoints.adapter_configs import postgres_config, s3_config
from entrypoints.adapters import Adapters
from entrypoints.application import Application
from entrypoints.crash_points import with_crash_points
from entrypoints.settings import Settings, SettingsError
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
    _make_private(settings.data_dir)
    async with AsyncExitStack() as stack:
        if lives_in_folder(settings):
            stack.enter_context(folder_lock(settings.data_dir / f"{role}.lock"))
        clock = SystemClock()
        objects, multipart, gateway = await _open_bucket(settings, role, clock, stack)
        yield Adapters(
            database=await stack.enter_async_context(_database(settings)),
            objects=objects,
            multipart=multipart,
            bucket_gateway=gateway,
            queue=await _open_job_queue(settings, broker, stack),
            transcoder=await _transcoder(settings, role),
            transcriber=await _open_transcriber(settings, clock, stack),
            workspace=await _open_workspace(settings, role, stack),
            clock=clock,
            ids=RandomIdGenerator(),
            tokens=await _open_token_authority(settings, clock, stack),
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
    return TelecineRedisBroker(settings.redis_url.reveal(), concurrency, middleware)


async def _open_job_queue(settings: Settings, broker: Broker | None, stack: AsyncExitStack) -> JobQueue:
    if settings.redis_url is not None:
        return await stack.enter_async_context(redis_job_queue(settings.redis_url.reveal()))
    return SweptJobQueue() if broker is None else DramatiqJobQueue(broker)


async def _open_rate_limiter(settings: Settings, stack: AsyncExitStack) -> RateLimiter:
    if settings.redis_url is not None:
        return await stack.enter_async_context(redis_rate_limiter(settings.redis_url.reveal()))
    return memory_rate_limiter()


async def _open_token_authority(settings: Settings, clock: Clock, stack: AsyncExitStack) -> TokenAuthority:
    if settings.jwks_url is None:
        return token_authority(settings)
    config = JwksConfig(settings.jwks_url, settings.jwt_audience, settings.jwt_issuer, settings.jwks_max_age_seconds)
    return await stack.enter_async_context(open_jwks_authority(config, clock))


def token_authority(settings: Settings) -> TokenAuthority:
    """Who checks tokens and issues them, too; the embedded default makes its secret on first use.

    Raises:
        Rejected: `tokens_issued_elsewhere`, an identity provider does.
    """
    if settings.jwks_url is not None:
        raise issued_elsewhere()
    _make_private(settings.data_dir)
    if settings.jwt_secret is None:
        secret = load_or_create_secret(settings.data_dir / "jwt.secret")
    else:
        secret = settings.jwt_secret.reveal().encode()
    return HS256TokenAuthority(secret, SystemClock(), audience=settings.jwt_audience, issuer=settings.jwt_issuer)


async def migrate(settings: Settings) -> None:
    """Bring the database to the tables this version needs."""
    _make_private(settings.data_dir)
    if settings.database_url is not None:
        await migrate_postgres(postgres_config(settings))
        return
    async with _database(settings):
        pass  # SQLite is migrated whenever it is opened.


def _database(settings: Settings) -> AbstractAsyncContextManager[Database]:
    if settings.database_url is None:
        return sqlite_database(settings.data_dir / "telecine.db")
    return postgres_database(postgres_config(settings))


def _make_private(folder: Path) -> None:
    """Everything that people have uploaded and said lies there: it is the service's own user's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def check_extras(settings: Settings) -> None:
    """Pass when what the settings ask for is installed.

    Raises:
        SettingsError: it isn't, and what to install.
    """
    if settings.transcriber == "local" and find_spec("faster_whisper") is None:
        raise SettingsError(
            ["TELECINE_TRANSCRIBER=local needs the extra `telecine[local]`; install it, or set it to openai or none"]
        )


async def _transcoder(settings: Settings, role: Role) -> FFmpegTranscoder:
    """A worker says what keeps ffmpeg in on this host; one without ffmpeg does not start."""
    transcoder = FFmpegTranscoder(threads=settings.ffmpeg_threads)
    if role is Role.WORKER:
        sandbox = await transcoder.check()
        layers = {"limits": sandbox.prlimit, "dies_with_worker": sandbox.setpriv, "no_network": sandbox.unshare}
        missing = sorted(name for name, program in layers.items() if not program)
        if missing:
            _logger.warning("ffmpeg_sandbox_incomplete", missing=missing)
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
        remote = await stack.enter_async_context(open_object_store(s3_config(settings), clock))
        return remote, remote.multipart_store, None
    local, gateway = _local_bucket(settings, clock)
    if role is not Role.TOOL:  # Who comes beside a running service tidies nothing up that is in use.
        await (local if role is Role.WORKER else gateway).clear_incoming()
    return local, local.multipart_store, gateway


def _local_bucket(settings: Settings, clock: Clock) -> tuple[LocalObjectStore, LocalBucketGateway]:
    root: Path = settings.data_dir / "bucket"
    _make_private(root)
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
