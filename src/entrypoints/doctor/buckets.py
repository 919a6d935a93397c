"""The bucket of this installation: the folder, or a live one that is put to the test."""

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
from entrypoints.bootstrap.storage import s3_config
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.bucket_trial import ALL_PREFIX, BucketTrial
from entrypoints.doctor.finding import Check, Verdict, failed, in_thread, ok

RunCheck = Callable[[Check], Awaitable[object]]

_ANSWER_S = 8.0


async def examine_bucket(settings: Settings, run: RunCheck) -> None:
    """Carry out every check of the bucket, and leave nothing behind in it."""
    if settings.storage.is_embedded:
        look = in_thread(partial(look_at_folder, settings.storage.data_dir / "bucket"))
        await run(Check("bucket", look, f"Put {variable('data_dir')} on a disk that answers."))
        return
    async with _trial(settings) as trial:
        try:
            for check in trial.checks():
                await run(check)
        finally:
            await run(Check("bucket clean-up", partial(_clean_up, trial), f"Delete what is under {trial.prefix}."))


def look_at_folder(folder: Path) -> Verdict:
    """Only the server signs and serves its URLs, so here it is looked at as a folder."""
    if not folder.exists():
        return ok(f"{folder} will be made at the first start")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return failed(
            f"{folder} can't be read and written", f"Let the service's user own it: chown -R {os.geteuid()} {folder}"
        )
    return ok(f"the folder {folder} is ours; its URLs are the server's to serve, and were not tried")


@asynccontextmanager
async def _trial(settings: Settings) -> AsyncGenerator[BucketTrial]:
    """The live bucket, with little patience: an operator waits for the answer."""
    clock = SystemClock()
    config = replace(s3_config(settings.storage), read_timeout_s=_ANSWER_S, max_attempts=1)
    async with AsyncExitStack() as stack:
        objects = await stack.enter_async_context(open_object_store(config, clock))
        yield BucketTrial(
            objects=objects,
            multipart=objects.multipart_store,
            http=await stack.enter_async_context(httpx.AsyncClient(timeout=_ANSWER_S)),
            clock=clock,
            prefix=f"{ALL_PREFIX}{secrets.token_hex(8)}/",
            origins=_page_origins(settings),
        )


def _page_origins(settings: Settings) -> tuple[str, ...]:
    """Whose pages upload: those that may call the API from elsewhere, or else the server's own."""
    if settings.server.cors_allowed_origins is not None:
        return tuple(sorted(settings.server.allowed_origins))
    return (origin_of(settings.server.public_url),)


def origin_of(url: str) -> str:
    """What a browser on that page says of itself: no path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _clean_up(trial: BucketTrial) -> Verdict:
    await trial.clean_up()
    return ok("everything that was tried out is removed")
