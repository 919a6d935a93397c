"""Event streams over a real server: Server-Sent Events."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from entrypoints.config.settings import Settings
from entrypoints.config.streams import StreamSettings
from tests.integration.http_fixtures import WorldApi, world_api
from tests.support.streaming import RunningServer, following, running_server
from tests.support.world import ADA, until

pytestmark = pytest.mark.anyio

SETTINGS = Settings(streams=StreamSettings(max_streams_per_user=3, event_poll_seconds=1, stream_ping_seconds=1))


@pytest.fixture
async def streaming(tmp_path: Path) -> AsyncGenerator[tuple[WorldApi, RunningServer]]:
    """The API over fakes, and a server that serves it."""
    async with world_api(tmp_path, settings=SETTINGS) as api, running_server(api.app) as server:
        yield api, server
        assert api.application.events.feed.stream_count == 0


@pytest.fixture
def api(streaming: tuple[WorldApi, RunningServer]) -> WorldApi:
    """The API, for calls and changes."""
    return streaming[0]


@pytest.fixture
async def http(streaming: tuple[WorldApi, RunningServer]) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the server, with Ada's token."""
    api, server = streaming
    async with httpx.AsyncClient(base_url=server.url, headers=api.speaking_for(ADA), trust_env=False) as client:
        yield client
    await until(lambda: api.application.events.feed.stream_count == 0)


async def test_a_video_is_followed_from_upload_to_completion(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The snapshot equals the status; then every event comes once, numbered without gaps."""
    grant = await api.grant()
    path = f"/api/videos/{grant['video_id']}/events"
    async with following(http, path) as stream:
        assert await stream.next() == ("snapshot", await api.status(grant["video_id"]))
        assert stream.retry_ms is not None
        first = int(stream.last_event_id)
        await api.put(grant)
        await api.complete(grant["video_id"])
        await api.world.run_jobs()
        names, ids = list[str](), list[int]()
        while "video.completed" not in names:
            name, data = await stream.next()
            if name != "progress":
                names.append(name)
                ids.append(int(stream.last_event_id))
                assert (data["type"], data["video_id"]) == (name, grant["video_id"])
        assert names[0] == "upload.completed"
        assert {"video.processing", "video.playable", "transcript.ready"} <= set(names)
        assert ids == list(range(first + 1, first + 1 + len(ids)))
