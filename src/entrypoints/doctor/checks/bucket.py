"""Checks the bucket of this installation: the local folder, or the S3 bucket with real requests."""

import os
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from adapters.s3.object_store import open_object_store
from adapters.system.clock import SystemClock
from entrypoints.bootstrap.storage import playback_signer, s3_config
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.checks.bucket_probe import ALL_PREFIX, BucketProbe
from entrypoints.doctor.checks.playback_probe import PlaybackProbe
from entrypoints.doctor.report import Check, Verdict, failed, in_thread, ok

RunCheck = Callable[[Check], Awaitable[object]]

_TIMEOUT_S = 8.0


async def check_bucket(settings: Settings, run: RunCheck) -> None:
    """Run every check of the bucket, and remove the objects that the checks created."""
    if settings.storage.is_embedded:
        check = in_thread(partial(check_folder, settings.storage.data_dir / "bucket"))
        await run(Check("bucket", check, f"Put {variable('data_dir')} on a disk that responds."))
        return
    async with _open_probe(settings) as probe:
        try:
            for each in [*probe.checks(), *_playback_probe(settings, probe).checks()]:
                await run(each)
        finally:
            await run(Check("bucket clean-up", partial(_clean_up, probe), f"Delete what is under {probe.prefix}."))


def check_folder(folder: Path) -> Verdict:
    """Check the folder's permissions only, because its URLs work only while the server runs."""
    if not folder.exists():
        return ok(f"{folder} will be created at the first start")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return failed(
            f"{folder} is not readable and writable",
            f"Make the service's user its owner: chown -R {os.geteuid()} {folder}",
        )
    return ok(f"the folder {folder} is readable and writable; its presigned URLs were not tested")


@asynccontextmanager
async def _open_probe(settings: Settings) -> AsyncGenerator[BucketProbe]:
    """The S3 bucket, with a short timeout and no retries, because the operator waits for the result."""
    clock = SystemClock()
    config = replace(s3_config(settings.storage), read_timeout_s=_TIMEOUT_S, max_attempts=1)
    async with AsyncExitStack() as stack:
        objects = await stack.enter_async_context(open_object_store(config, clock))
        yield BucketProbe(
            objects=objects,
            multipart=objects.multipart_store,
            http=await stack.enter_async_context(httpx.AsyncClient(timeout=_TIMEOUT_S)),
            clock=clock,
            prefix=f"{ALL_PREFIX}{secrets.token_hex(8)}/",
            origins=_page_origins(settings),
        )


def _playback_probe(settings: Settings, bucket: BucketProbe) -> PlaybackProbe:
    """The checks of playback, which use the bucket's test objects."""
    signer = playback_signer(settings.playback, bucket.objects)
    return PlaybackProbe(
        bucket=bucket,
        lifetime=settings.playback.lifetime,
        has_public_endpoint=settings.storage.s3_public_endpoint_url is not None,
        cdn=None if settings.playback.cdn_url is None else signer,
    )


def _page_origins(settings: Settings) -> tuple[str, ...]:
    """The origins of pages that upload: those allowed to call the API, or else that of the server's public URL."""
    if settings.server.cors_allowed_origins is not None:
        return tuple(sorted(settings.server.allowed_origins))
    return (origin_of(settings.server.public_url),)


def origin_of(url: str) -> str:
    """The origin of a URL, as a browser sends it: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _clean_up(probe: BucketProbe) -> Verdict:
    await probe.clean_up()
    return ok("all test objects are removed")
