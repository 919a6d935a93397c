from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from adapters.fakes.rate_limiter import InMemoryRateLimiter
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from entrypoints.config.values import Secret
from tests.integration.http_fixtures import BOB, PRESIGNED, PROBLEM, URL, WorldApi, embedded_api, world_api
from tests.services.redis import RunningRedis, running_redis

pytestmark = pytest.mark.anyio

VIDEOS = "/api/videos"
RATE_LIMIT_HEADERS = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
NO_TOKENS = [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer garbage"}]


@pytest.fixture
async def users_limited(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """Each user may send three requests a minute."""
    async with world_api(tmp_path, settings=Settings(limits=LimitSettings(rate_limit_per_user="3/minute"))) as api:
        yield api


@pytest.fixture
async def addresses_limited(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """Each address may send two unauthenticated requests a minute; 10.0.0.0/8 are trusted proxies."""
    settings = Settings(limits=LimitSettings(rate_limit_per_address="2/minute", trusted_proxies="10.0.0.0/8"))
    async with world_api(tmp_path, settings=settings) as api:
        yield api


def _rate_limit_headers(answer: httpx.Response) -> list[str | None]:
    return [answer.headers.get(name) for name in RATE_LIMIT_HEADERS]


def _counts(api: WorldApi) -> InMemoryRateLimiter:
    return cast("InMemoryRateLimiter", api.world.adapters.rate_limits)


def _stranger(api: WorldApi, peer: str) -> httpx.AsyncClient:
    """A client without a token that connects from this address."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", api.app), client=(peer, 4711)), base_url=URL)


async def _statuses(client: httpx.AsyncClient, forwarded_for: list[str]) -> list[int]:
    """The statuses of requests, one with each of these headers."""
    return [(await client.get(VIDEOS, headers={"X-Forwarded-For": header})).status_code for header in forwarded_for]


async def test_every_response_says_what_is_left(users_limited: WorldApi) -> None:
    """Other errors are counted and get the headers like successes."""
    paths = [VIDEOS, f"{VIDEOS}/nowhere", f"{VIDEOS}?limit=x"]
    answers = [await users_limited.http.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [200, 404, 400]
    assert [_rate_limit_headers(answer) for answer in answers] == [["3", "2", "60"], ["3", "1", "60"], ["3", "0", "60"]]


async def test_head_is_counted_too(users_limited: WorldApi) -> None:
    """A HEAD is a request like any other."""
    assert _rate_limit_headers(await users_limited.http.head(VIDEOS)) == ["3", "2", "60"]


async def test_a_user_who_asks_too_often_is_refused(users_limited: WorldApi) -> None:
    """The problem has the code, and the headers say when to retry."""
    for _ in range(3):
        await users_limited.http.get(VIDEOS)
    users_limited.world.clock.advance(20.5)
    refused = await users_limited.http.get(VIDEOS)

    assert (refused.status_code, refused.headers["content-type"]) == (429, PROBLEM)
    assert refused.json()["code"] == "rate_limited"
    assert (refused.headers["retry-after"], _rate_limit_headers(refused)) == ("40", ["3", "0", "40"])


async def test_a_user_who_waits_retry_after_is_served(users_limited: WorldApi) -> None:
    """`Retry-After` is reliable."""
    for _ in range(3):
        await users_limited.http.get(VIDEOS)
    refused = await users_limited.http.get(VIDEOS)
    users_limited.world.clock.advance(int(refused.headers["retry-after"]))

    assert (await users_limited.http.get(VIDEOS)).status_code == 200


async def test_each_user_is_counted_separately(users_limited: WorldApi) -> None:
    """Bob is served while Ada is limited."""
    for _ in range(4):
        await users_limited.http.get(VIDEOS)
    answer = await users_limited.http.get(VIDEOS, headers=users_limited.speaking_for(BOB))

    assert (answer.status_code, _rate_limit_headers(answer)[1]) == (200, "2")


async def test_the_body_of_a_refused_request_is_not_read(users_limited: WorldApi) -> None:
    """A flooding client gets a response before it has sent much."""
    was_read: list[bool] = []

    async def body() -> AsyncIterator[bytes]:
        was_read.append(True)
        yield b"{}"

    answers = [await users_limited.http.post(PRESIGNED, content=body()) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    assert len(was_read) == 3


async def test_a_limit_for_users_does_not_limit_addresses(users_limited: WorldApi) -> None:
    """Each of the two limits is configured separately."""
    for headers in NO_TOKENS * 2:
        async with _stranger(users_limited, "198.51.100.7") as stranger:
            answer = await stranger.get(VIDEOS, headers=headers)
        assert (answer.status_code, _rate_limit_headers(answer)) == (401, [None] * 3)
    assert _counts(users_limited).hits == {}


@pytest.mark.parametrize("headers", NO_TOKENS)
async def test_requests_without_a_good_token_count_by_address(
    addresses_limited: WorldApi, headers: dict[str, str]
) -> None:
    """A client that guesses tokens is limited, and gets the headers."""
    async with _stranger(addresses_limited, "198.51.100.7") as stranger:
        answers = [await stranger.get(VIDEOS, headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert [_rate_limit_headers(answer) for answer in answers] == [["2", "1", "60"], ["2", "0", "60"], ["2", "0", "60"]]


async def test_a_good_token_is_served_where_strangers_are_refused(addresses_limited: WorldApi) -> None:
    """Users may share an address; their own requests are neither counted nor rejected there."""
    async with _stranger(addresses_limited, "198.51.100.7") as client:
        for _ in range(3):
            await client.get(VIDEOS)
        answers = [await client.get(VIDEOS, headers=addresses_limited.speaking_for(BOB)) for _ in range(3)]

    assert [(answer.status_code, _rate_limit_headers(answer)) for answer in answers] == [(200, [None] * 3)] * 3


async def test_a_header_from_an_untrusted_peer_is_ignored(addresses_limited: WorldApi) -> None:
    """Only a trusted proxy may report the client's address."""
    async with _stranger(addresses_limited, "198.51.100.7") as stranger:
        assert await _statuses(stranger, ["203.0.113.1", "203.0.113.2", "203.0.113.3"]) == [401, 401, 429]


async def test_behind_a_trusted_proxy_each_client_counts_alone(addresses_limited: WorldApi) -> None:
    """A client cannot evade the limit by adding addresses to the header."""
    async with _stranger(addresses_limited, "10.0.0.1") as proxy:
        one = await _statuses(proxy, [f"{n}.1.1.1, 203.0.113.1" for n in range(1, 4)])
        another = await _statuses(proxy, ["203.0.113.2, 10.0.0.9"])

    assert (one, another) == ([401, 401, 429], [401])


async def test_all_addresses_of_a_household_count_as_one(addresses_limited: WorldApi) -> None:
    """A /64 network of IPv6 has 2^64 addresses."""
    statuses: list[int] = []
    for host in ("1", "2:3", "ffff"):
        async with _stranger(addresses_limited, f"2001:db8::{host}") as stranger:
            statuses.append((await stranger.get(VIDEOS)).status_code)

    assert statuses == [401, 401, 429]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/schema/openapi.json", "/bucket/none", "/nowhere"])
async def test_only_the_api_is_limited(tmp_path: Path, path: str) -> None:
    """Probes and signed URLs belong to no user."""
    settings = Settings(limits=LimitSettings(rate_limit_per_user="1/day", rate_limit_per_address="1/day"))
    async with world_api(tmp_path, settings=settings) as api:
        answers = [await api.http.get(path) for _ in range(3)]

        assert {answer.status_code for answer in answers} <= {200, 403, 404}
        assert [_rate_limit_headers(answer) for answer in answers] == [[None] * 3] * 3
        assert _counts(api).hits == {}


async def test_without_limits_nothing_is_counted(api: WorldApi) -> None:
    """An installation without limits pays no cost."""
    answers = [await api.http.get(VIDEOS), await api.http.get(VIDEOS, headers={"Authorization": "Bearer x"})]

    assert [(answer.status_code, _rate_limit_headers(answer)) for answer in answers] == [
        (200, [None] * 3),
        (401, [None] * 3),
    ]
    assert _counts(api).hits == {}


@pytest.fixture
def redis() -> Generator[RunningRedis]:
    """A separate server."""
    with running_redis() as server:
        yield server


async def _refusals(opening: AbstractAsyncContextManager[Any]) -> list[int]:
    async with opening as api:
        return [(await api.http.get(VIDEOS)).status_code for _ in range(3)]


async def test_the_embedded_api_counts_in_memory(tmp_path: Path) -> None:
    """It needs no other service."""
    opening = embedded_api(tmp_path, settings=Settings(limits=LimitSettings(rate_limit_per_user="2/day")))
    assert await _refusals(opening) == [200, 200, 429]


async def test_with_redis_the_count_outlives_the_process(tmp_path: Path, redis: RunningRedis) -> None:
    """Processes that share a Redis share the counts."""
    settings = Settings(
        limits=LimitSettings(rate_limit_per_user="4/day"), job_queue=JobQueueSettings(redis_url=Secret(redis.url))
    )
    assert await _refusals(embedded_api(tmp_path, settings=settings)) == [200, 200, 200]
    assert await _refusals(embedded_api(tmp_path, settings=settings)) == [200, 429, 429]
