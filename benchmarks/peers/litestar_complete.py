"""`complete` as it is commonly written: a HEAD with aiobotocore, and a Dramatiq send that blocks the event loop."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import dramatiq
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from dramatiq.brokers.redis import RedisBroker
from litestar import Litestar, post
from litestar.datastructures import State

dramatiq.set_broker(RedisBroker(url=os.environ["BENCH_REDIS_URL"]))
KEY = os.environ["BENCH_KEY"]


@dramatiq.actor
def process(video_id: str) -> None:
    """An actor that no worker runs."""


@asynccontextmanager
async def shared_client(app: Litestar) -> AsyncGenerator[None]:
    """One client for all requests, with the options that Telecine uses."""
    async with get_session().create_client(
        "s3",
        endpoint_url=os.environ["BENCH_ENDPOINT"],
        region_name=os.environ["BENCH_REGION"],
        aws_access_key_id=os.environ["BENCH_KEY_ID"],
        aws_secret_access_key=os.environ["BENCH_SECRET"],
        config=AioConfig(signature_version="s3v4", s3={"addressing_style": "path"}),
    ) as client:
        app.state["client"] = client
        yield


@post("/api/videos/{video_id:str}/upload/complete", status_code=200)
async def complete(video_id: str, state: State) -> dict[str, str]:
    """Check the object, and send the message."""
    await state["client"].head_object(Bucket=os.environ["BENCH_BUCKET"], Key=KEY)
    process.send(video_id)
    return {"video_id": video_id, "status": "uploaded"}


app = Litestar(route_handlers=[complete], lifespan=[shared_client], openapi_config=None, logging_config=None)
