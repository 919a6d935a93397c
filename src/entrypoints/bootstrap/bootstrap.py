"""Picks an adapter for every port according to the settings, and wires the application over them."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.system.clock import SystemClock
from adapters.system.folder_lock import folder_lock
from adapters.system.id_generator import RandomIdGenerator
from domain.ports.event_bus import EventBus
from entrypoints.application import Application
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.data_dir import make_private
from entrypoints.bootstrap.database import migrate_database, open_database
from entrypoints.bootstrap.event_bus import open_event_bus
from entrypoints.bootstrap.failpoints import bus_with_failpoint, with_failpoints
from entrypoints.bootstrap.job_queue import JobBroker, open_job_queue
from entrypoints.bootstrap.media import check_youtube_extra, make_importer, open_transcoder
from entrypoints.bootstrap.rate_limits import open_rate_limiter
from entrypoints.bootstrap.roles import Role
from entrypoints.bootstrap.storage import open_bucket, open_workspace, playback_signer
from entrypoints.bootstrap.tokens import open_token_authority
from entrypoints.bootstrap.transcription import check_local_extra, open_transcriber
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.bootstrap.webhooks import make_webhook_secrets, open_webhook_sender
from entrypoints.config.settings import Settings


@asynccontextmanager
async def bootstrap(
    settings: Settings, role: Role, broker: JobBroker | None = None, bus: EventBus | None = None
) -> AsyncGenerator[Application]:
    """Open the application on the running event loop, with the adapters that the settings choose.

    Raises what `open_adapters` and `with_failpoints` raise.
    """
    async with open_adapters(settings, role, broker, bus) as adapters:
        yield wire(with_failpoints(adapters, os.environ), settings)


@asynccontextmanager
async def open_adapters(
    settings: Settings, role: Role, broker: JobBroker | None = None, bus: EventBus | None = None
) -> AsyncGenerator[Adapters]:
    """Open one adapter for every port.

    Jobs go through Redis, or else through `broker`, which joins API and worker in one process; so does `bus` for the
    messages of the event bus.

    Raises:
        SettingsError: something that the settings choose is not installed.
        Conflict: `data_folder_in_use`.
        Unavailable: an external service does not answer.
    """
    check_local_extra(settings.transcription)
    check_youtube_extra(settings.imports)
    data_dir, redis_url = settings.storage.data_dir, settings.job_queue.redis_url
    make_private(data_dir)
    async with AsyncExitStack() as stack:
        if settings.has_state_in_data_dir and role is not Role.TOOL:  # Several tools may run at once.
            stack.enter_context(folder_lock(data_dir / f"{role}.lock"))
        clock = SystemClock()
        bucket = await open_bucket(
            settings.storage, public_url=settings.server.public_url, role=role, clock=clock, stack=stack
        )
        opened_bus = bus_with_failpoint(await open_event_bus(settings, shared=bus, stack=stack), os.environ)
        transcoder = await open_transcoder(settings.compression, settings.sandbox, role=role)
        sandbox = await transcoder.check() if role is Role.WORKER else None
        yield Adapters(
            database=await stack.enter_async_context(
                open_database(settings.database, data_dir=data_dir, bus=opened_bus)
            ),
            objects=bucket.objects,
            multipart=bucket.multipart,
            bucket_gateway=bucket.gateway,
            bus=opened_bus,
            playback_signer=playback_signer(settings.playback, bucket.objects),
            queue=await open_job_queue(settings.job_queue, broker=broker, stack=stack),
            importer=make_importer(settings.imports, role=role, environment=os.environ, sandbox=sandbox),
            transcoder=transcoder,
            transcriber=await open_transcriber(settings.transcription, data_dir=data_dir, clock=clock, stack=stack),
            workspace=await open_workspace(settings.storage, role=role, stack=stack),
            clock=clock,
            ids=RandomIdGenerator(),
            tokens=await open_token_authority(settings.tokens, data_dir=data_dir, clock=clock, stack=stack),
            rate_limits=await open_rate_limiter(redis_url=redis_url, stack=stack),
            url_secret=bucket.url_secret,
            webhook_sender=await open_webhook_sender(settings.webhooks, stack=stack),
            webhook_secrets=make_webhook_secrets(settings.webhooks, settings.tokens, data_dir=data_dir),
        )


async def migrate(settings: Settings) -> None:
    """Migrate the database to the tables of this version."""
    make_private(settings.storage.data_dir)
    await migrate_database(settings.database, data_dir=settings.storage.data_dir)
