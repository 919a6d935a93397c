"""Picks the adapters by the settings; nothing else does."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import structlog
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
from domain.model.job import QueueName
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority
from domain.ports.transcriber import Transcriber
from entrypoints.application import Application
from entrypoints.settings import Settings, SettingsError
from entrypoints.wiring import Adapters, wire

MAINTENANCE_CONCURRENCY = 1

_logger = structlog.get_logger("telecine.bootstrap")


class Role(StrEnum):
    """What a process, or one event loop of it, is there for."""

    API = "api"
    WORKER = "worker"


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
    _make_private(settings.data_dir)
    async with AsyncExitStack() as stack:
        stack.enter_context(folder_lock(settings.data_dir / f"{role}.lock"))
        clock = SystemClock()
        objects, gateway = _local_bucket(settings, clock)
        workspace = LocalWorkspace(settings.data_dir / "work", reserve_bytes=settings.disk_reserve_bytes)
        transcoder = FFmpegTranscoder(threads=settings.ffmpeg_threads)
        if role is Role.WORKER:
            await _report_sandbox(transcoder)
            await workspace.clear()
            await objects.clear_incoming()
        else:
            await gateway.clear_incoming()
        adapters = Adapters(
            database=await stack.enter_async_context(sqlite_database(settings.data_dir / "telecine.db")),
            objects=objects,
            bucket_gateway=gateway,
            queue=SweptJobQueue() if broker is None else DramatiqJobQueue(broker),
            transcoder=transcoder,
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
    _make_private(settings.data_dir)
    if settings.jwt_secret is None:
        secret = load_or_create_secret(settings.data_dir / "jwt.secret")
    else:
        secret = settings.jwt_secret.reveal().encode()
    return HS256TokenAuthority(secret, SystemClock(), audience=settings.jwt_audience, issuer=settings.jwt_issuer)


async def migrate(settings: Settings) -> None:
    """Bring the database to the tables this version needs."""
    _make_private(settings.data_dir)
    async with sqlite_database(settings.data_dir / "telecine.db"):
        pass


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


async def _report_sandbox(transcoder: FFmpegTranscoder) -> None:
    """Say what keeps ffmpeg in on this host; a worker without ffmpeg does not start."""
    sandbox = await transcoder.check()
    layers = {"limits": sandbox.prlimit, "dies_with_worker": sandbox.setpriv, "no_network": sandbox.unshare}
    missing = sorted(name for name, program in layers.items() if not program)
    if missing:
        _logger.warning("ffmpeg_sandbox_incomplete", missing=missing)


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
