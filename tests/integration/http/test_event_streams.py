"""Event streams over a real server: Server-Sent Events."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import product
from pathlib import Path

import httpx
import pytest

from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import StageProgress
from entrypoints.config.settings import Settings
from entrypoints.config.streams import StreamSettings
from tests.integration.http_fixtures import BOB, WorldApi, world_api
from tests.support.streaming import RunningServer, following, running_server
from tests.support.world import ADA, until

pytestmark = pytest.mark.anyio

SETTINGS = Settings(streams=StreamSettings(max_streams_per_user=3, event_poll_seconds=1, stream_ping_seconds=1))


@pytest.fixture
async def streaming(tmp_path: Path) -> AsyncGenerator[tuple[WorldApi, RunningServer]]:
    """The API over fakes, and a server that serves it."""
    async with world_api(tmp_path, settings=SETTINGS) as api, running_server(api.app) as server:
        yield api, server


@pytest.fixture
def api(streaming: tuple[WorldApi, RunningServer]) -> WorldApi:
    """The API, for calls and changes."""
    return streaming[0]


@pytest.fixture
async def http(streaming: tuple[WorldApi, RunningServer]) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the server, with Ada's token; at its end no stream may be left."""
    api, server = streaming
    async with httpx.AsyncClient(base_url=server.url, headers=api.speaking_for(ADA), trust_env=False) as client:
        yield client
    await until(lambda: api.application.events.feed.stream_count == 0)


def of(video_id: str) -> str:
    """The path of a video's stream."""
    return f"/api/videos/{video_id}/events"


async def settle(api: WorldApi) -> None:
    """Give every committed event its position."""
    async with api.world.database.write() as work:
        await work.events.settle()


async def last_seq(api: WorldApi, video_id: str) -> int:
    """The number of the video's last event."""
    return (await api.world.video(VideoId(video_id))).event_seq


async def test_a_video_is_followed_from_upload_to_completion(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The snapshot equals the status; then every event comes once, numbered without gaps."""
    grant = await api.grant()
    async with following(http, of(grant["video_id"])) as stream:
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


async def test_percentages_have_no_id(api: WorldApi, http: httpx.AsyncClient) -> None:
    """They are not in the log, so no stream can continue after one; those of other users are not sent."""
    video_id = await api.uploaded()
    async with following(http, of(video_id)) as stream:
        await stream.until("snapshot")
        before = stream.last_event_id
        for owner, percent in ((BOB, 10.0), (ADA, 20.0)):
            await api.world.bus.publish(StageProgress(VideoId(video_id), owner, StageName.COMPRESS, percent, 1))
        data = await stream.until("progress")
        assert (data["stage"], data["percent"], data["attempt"]) == ("compress", 20.0, 1)
        assert stream.last_event_id == before


async def test_a_client_gets_what_it_missed(api: WorldApi, http: httpx.AsyncClient) -> None:
    """After the snapshot come the events after `Last-Event-ID`, in the header or in the query."""
    video_id = await api.processed()
    await settle(api)
    end = await last_seq(api, video_id)
    for headers, query in ((("Last-Event-ID", "1"), ""), (("X-None", ""), "&last_event_id=1")):
        async with following(http, f"{of(video_id)}?until=terminal{query}", headers=dict([headers])) as stream:
            assert (await stream.next())[0] == "snapshot"
            ids: list[int] = []
            while (await stream.next())[0] != "end":
                ids.append(int(stream.last_event_id))
            assert ids == list(range(2, end + 1))


IMPOSSIBLE = ["999", "-1", "one", "1.5", "9" * 40, "\u0663", "1 2"]


async def test_an_impossible_position_is_reset(api: WorldApi, http: httpx.AsyncClient) -> None:
    """Future, negative or not a number: a `reset`, then a new snapshot; never silence and never an error."""
    video_id = await api.processed()
    await settle(api)
    ends = {of(video_id): await last_seq(api, video_id), "/api/events": await _last_position(api)}
    for (path, end), last_event_id in product(ends.items(), IMPOSSIBLE):
        async with following(http, f"{path}?last_event_id={last_event_id}") as stream:
            assert await stream.next() == ("reset", {"reason": "invalid"})
            assert (await stream.next())[0] == "snapshot"
            assert int(stream.last_event_id) == end
        await until(lambda: api.application.events.feed.stream_count == 0)


async def _last_position(api: WorldApi) -> int:
    async with api.world.database.read() as work:
        return await work.events.last_position()


async def test_a_position_that_the_log_no_longer_has_is_reset(api: WorldApi, http: httpx.AsyncClient) -> None:
    """Retention has deleted the events after it."""
    video_id = await api.processed()
    async with api.world.database.write() as work:
        await work.events.settle()
        await work.events.delete_older(api.world.clock.now() + timedelta(days=1), limit=1000)
    for path in (of(video_id), "/api/events"):
        async with following(http, path, last_event_id="1") as stream:
            assert await stream.next() == ("reset", {"reason": "deleted"})
            assert (await stream.next())[0] == "snapshot"


async def test_a_user_follows_all_own_videos(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The snapshot has the videos that are not terminal; ids are positions; other users' events are not sent."""
    done, waiting = await api.processed(), await api.uploaded()
    async with following(http, "/api/events") as stream:
        name, data = await stream.next()
        assert (name, [video["video_id"] for video in data["videos"]], data["complete"]) == (
            "snapshot",
            [waiting],
            True,
        )
        await api.world.upload(owner=BOB)
        await api.http.delete(f"/api/videos/{done}")
        assert (await stream.until("video.deleted"))["video_id"] == done
        position = stream.last_event_id
        await api.http.delete(f"/api/videos/{waiting}")
        assert (await stream.until("video.deleted"))["video_id"] == waiting
    async with following(http, "/api/events", last_event_id=position) as stream:
        assert (await stream.next())[0] == "snapshot"
        assert (await stream.next())[1]["video_id"] == waiting


async def test_the_stream_of_a_deleted_video_ends(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The last events are `video.deleted` and `end`; then the video is unknown."""
    video_id = await api.uploaded()
    async with following(http, of(video_id)) as stream:
        await stream.until("snapshot")
        await api.http.delete(f"/api/videos/{video_id}")
        assert (await stream.rest())[-2:] == ["video.deleted", "end"]
    assert (await http.get(of(video_id))).status_code == httpx.codes.NOT_FOUND


async def test_a_terminal_status_ends_the_stream_on_request(api: WorldApi, http: httpx.AsyncClient) -> None:
    """With everything received, the answer is 204: an `EventSource` does not connect again."""
    video_id = await api.processed()
    async with following(http, f"{of(video_id)}?until=terminal") as stream:
        assert await stream.rest() == ["snapshot", "end"]
        received = stream.last_event_id
    again = await http.get(f"{of(video_id)}?until=terminal", headers={"Last-Event-ID": received})
    assert again.status_code == httpx.codes.NO_CONTENT
    assert (await http.get(f"{of(video_id)}?until=noon")).status_code == httpx.codes.BAD_REQUEST


async def test_the_stream_ends_with_its_token(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The server says so, and a new connection with the token is refused."""
    short = {"Authorization": f"Bearer {api.tokens.issue(ADA, lifetime_s=30)}"}
    async with following(http, "/api/events", headers=short) as stream:
        await stream.until("snapshot")
        api.world.clock.advance(31)
        assert await stream.until("end") == {"reason": "expired"}
    assert (await http.get("/api/events", headers=short)).json()["code"] == "token_expired"


async def test_an_idle_stream_is_pinged(api: WorldApi, http: httpx.AsyncClient) -> None:
    """Comments keep proxies from closing it."""
    async with following(http, "/api/events") as stream:
        await stream.until("snapshot")
        line = await anext(stream.lines)
        assert line == ": ping"


async def test_a_user_has_a_limited_number_of_streams(api: WorldApi, http: httpx.AsyncClient) -> None:
    """One more gets 429 with `Retry-After`; another user is not affected; a closed stream makes room."""
    video_id = await api.uploaded()
    async with following(http, "/api/events"), following(http, of(video_id)):
        async with following(http, "/api/events"):
            refused = await http.get("/api/events")
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            assert int(refused.headers["Retry-After"]) > 0
            async with following(http, "/api/events", headers=api.speaking_for(BOB)):
                pass
        await until(lambda: api.application.events.feed.stream_count == 2)
        async with following(http, "/api/events"):
            pass


async def test_foreign_and_unknown_videos_are_alike(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The same 404; nothing is left subscribed."""
    video_id = await api.uploaded()
    foreign = await http.get(of(video_id), headers=api.speaking_for(BOB))
    unknown = await http.get(of("nothing"), headers=api.speaking_for(BOB))
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert foreign.status_code == httpx.codes.NOT_FOUND


async def test_head_has_the_headers_without_the_stream(http: httpx.AsyncClient) -> None:
    """It must end, although the stream would not."""
    answer = await http.head("/api/events")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream")


async def test_streams_end_when_the_server_stops(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The client is told to connect again; meanwhile new streams are refused."""
    async with following(http, "/api/events") as stream:
        await stream.until("snapshot")
        api.application.events.feed.stop()
        assert await stream.until("end") == {"reason": "stopping"}
        assert await stream.rest() == []
    assert (await http.get("/api/events")).json()["code"] == "stopping"


async def test_an_outage_of_database_and_bus_loses_nothing(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The stream stays open and is pinged; afterwards the log is read although no hint has come."""
    video_id = await api.uploaded()
    async with following(http, of(video_id)) as stream:
        await stream.until("snapshot")
        api.world.database.is_down = True
        pings = stream.comments
        while await anext(stream.lines) != ": ping":
            pass
        api.world.database.is_down = False
        api.world.bus.is_down = True
        await api.http.delete(f"/api/videos/{video_id}")
        assert (await stream.until("video.deleted"))["video_id"] == video_id
        assert stream.comments >= pings


async def test_the_database_is_away_when_a_stream_is_opened(api: WorldApi, http: httpx.AsyncClient) -> None:
    """The answer is 503, and nothing stays subscribed."""
    api.world.database.is_down = True
    assert (await http.get("/api/events")).status_code == httpx.codes.SERVICE_UNAVAILABLE


async def test_clients_that_come_and_go_leave_nothing(
    streaming: tuple[WorldApi, RunningServer], http: httpx.AsyncClient
) -> None:
    """No task and no subscription is left of 200 clients that break their connection while they receive."""
    api, server = streaming
    feed, tasks_before = api.application.events.feed, len(asyncio.all_tasks())
    users = [UserId(f"user-{number}") for number in range(50)]
    for _ in range(4):
        writers = await asyncio.gather(*(_streaming_client(server, api.speaking_for(user)) for user in users))
        assert feed.stream_count == len(users)
        for writer in writers:
            writer.transport.abort()
        await until(lambda: feed.stream_count == 0)
    await until(lambda: len(asyncio.all_tasks()) <= tasks_before)


async def _streaming_client(server: RunningServer, headers: dict[str, str]) -> asyncio.StreamWriter:
    """A client that has received its snapshot."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: {headers['Authorization']}\r\n\r\n".encode())
    await reader.readuntil(b"event: snapshot\n")
    return writer
