"""Two API processes of one installation, over Postgres, with and without Redis."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.ids import VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import StageProgress
from entrypoints.application import Application
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.roles import Role
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.streams import StreamSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from entrypoints.http.app import create_app
from tests.contract.s3_object_store_fixtures import rclone
from tests.services.postgres import PostgresServer
from tests.services.redis import RunningRedis, running_redis
from tests.support.streaming import following, running_server
from tests.support.world import ADA, until

pytestmark = pytest.mark.anyio

CONTENT = fake_video_bytes()
# On a busy machine a hint may be lost, so the log is polled too, but rarely.
RARELY_S = 20


@dataclass(frozen=True)
class Process:
    """One API, as in a process of its own: nothing is shared with the other one but the services."""

    application: Application
    http: httpx.AsyncClient


@dataclass(frozen=True)
class Installation:
    """The services of an installation; `redis` is None if it has none."""

    folder: Path
    postgres: PostgresServer
    redis: RunningRedis | None
    database_url: str

    @asynccontextmanager
    async def api(self, name: str, *, poll_s: int = RARELY_S) -> AsyncGenerator[Process]:
        """Run one more API."""
        bucket = rclone().config(bucket=self.folder.name.replace("_", "-").lower())
        settings = Settings(
            tokens=TokenSettings(jwt_secret=Secret("0123456789abcdef" * 2)),
            database=DatabaseSettings(url=Secret(self.database_url)),
            job_queue=JobQueueSettings(redis_url=None if self.redis is None else Secret(self.redis.url)),
            transcription=TranscriptionSettings(transcriber="none"),
            streams=StreamSettings(event_poll_seconds=poll_s),
            storage=StorageSettings(
                data_dir=self.folder / name,
                s3_bucket=bucket.bucket,
                s3_endpoint_url=bucket.endpoint_url,
                s3_region=bucket.region,
                s3_access_key_id=bucket.access_key_id,
                s3_secret_access_key=Secret(bucket.secret_access_key),
            ),
        )
        async with AsyncExitStack() as stack:
            app = create_app(lambda: bootstrap(settings, Role.API))
            await stack.enter_async_context(app.lifespan())
            application = cast("Application", app.state["application"])
            server = await stack.enter_async_context(running_server(app))
            token = application.tokens.issue(ADA, lifetime_s=600)
            http = httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
            yield Process(application, await stack.enter_async_context(http))


@pytest.fixture(scope="module")
def redis_server() -> Generator[RunningRedis]:
    """One server for all tests of this file."""
    with running_redis() as server:
        yield server


@pytest.fixture(params=["redis", "postgres"])
async def installation(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer
) -> AsyncGenerator[Installation]:
    """An installation with a database of its own, whose processes are joined by Redis or by Postgres alone."""
    redis = cast("RunningRedis", request.getfixturevalue("redis_server")) if request.param == "redis" else None
    url = await postgres_server.migrated_database()
    yield Installation(tmp_path, postgres_server, redis, url)
    postgres_server.drop(url)


async def _granted(api: Process) -> str:
    body = {"filename": "clip.mp4", "file_size": len(CONTENT), "content_type": "video/mp4"}
    answer = await api.http.post("/api/videos/upload/presigned", json=body)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["video_id"])


async def _cancel(api: Process, video_id: str) -> None:
    """Cancel an upload, which is an event that needs no bucket."""
    answer = await api.http.request("DELETE", f"/api/videos/{video_id}/upload")
    assert answer.is_success, answer.text


async def test_a_stream_on_one_api_shows_what_the_other_does(installation: Installation) -> None:
    """Events and percentages; a ticket of one API opens a stream on the other, and on only one."""
    async with installation.api("first") as first, installation.api("second") as second:
        video_id = await _granted(second)
        ticket = (await second.http.post("/api/events/ticket")).json()["ticket"]
        del first.http.headers["Authorization"]
        path = f"/api/videos/{video_id}/events?ticket={ticket}"
        async with following(first.http, path) as stream:
            await stream.until("snapshot")
            assert (await second.http.get(path, headers={"Authorization": "Bearer no"})).status_code == 401
            waiting = asyncio.ensure_future(stream.until("progress"))
            while not waiting.done():  # A percentage may be lost.
                await second.application.events.feed._bus.publish(
                    StageProgress(VideoId(video_id), ADA, StageName.UPLOAD, 50.0, 1)
                )
                await asyncio.sleep(0.1)
            assert (await waiting)["percent"] == 50.0
            await _cancel(second, video_id)
            assert (await stream.until("upload.cancelled"))["status"] == "failed"
            last_event_id = stream.last_event_id
            await second.http.delete(f"/api/videos/{video_id}")
        async with following(second.http, "/api/events", last_event_id="0") as stream:
            assert [(await stream.next())[0] for _ in range(3)] == ["snapshot", "upload.cancelled", "video.deleted"]
        assert int(last_event_id) > 0


async def test_a_client_moves_to_another_api(installation: Installation) -> None:
    """When its API is gone, it misses nothing and gets nothing twice."""
    async with installation.api("second", poll_s=1) as second:
        videos = [await _granted(second) for _ in range(4)]
        seen: list[str] = []
        async with installation.api("first", poll_s=1) as first, following(first.http, "/api/events") as stream:
            await stream.until("snapshot")
            for video_id in videos[:2]:
                await _cancel(second, video_id)
                seen.append((await stream.until("upload.cancelled"))["video_id"])
            last_event_id = stream.last_event_id
        await _cancel(second, videos[2])
        async with following(second.http, "/api/events", last_event_id=last_event_id) as stream:
            await stream.until("snapshot")
            await _cancel(second, videos[3])
            seen += [(await stream.until("upload.cancelled"))["video_id"] for _ in range(2)]
        assert seen == videos


async def test_a_restart_of_the_bus_loses_no_event(installation: Installation) -> None:
    """Redis flushed and restarted, or Postgres restarted, while streams are open."""
    async with installation.api("first", poll_s=1) as first, following(first.http, "/api/events") as stream:
        await stream.until("snapshot")
        videos = [await _granted(first) for _ in range(2)]
        if installation.redis is None:
            installation.postgres.restart()
        else:
            installation.redis.flushall()
            installation.redis.stop()
        await _cancel(first, videos[0])
        assert (await stream.until("upload.cancelled"))["video_id"] == videos[0]
        if installation.redis is not None:
            installation.redis.start()
        await _cancel(first, videos[1])
        assert (await stream.until("upload.cancelled"))["video_id"] == videos[1]
    await until(lambda: first.application.events.feed.stream_count == 0)
