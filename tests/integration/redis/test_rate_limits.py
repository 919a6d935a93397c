import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from time import monotonic
from typing import cast

import pytest
from structlog.testing import capture_logs

from adapters.ratelimit.redis_rate_limiter import KEY_PREFIX, RedisRateLimiter, redis_rate_limiter
from domain.model.access.rate_limit import RateLimit
from tests.services.redis import RunningRedis, running_redis

pytestmark = pytest.mark.anyio

LIMIT = RateLimit(50, 86_400)
SHORT_PAUSE_S = 0.05
# Requests that wait for Redis one after the other would take much longer.
MAX_WAITED_S = 30

CLIENT_PROGRAM = """
import asyncio, sys
from adapters.ratelimit.redis_rate_limiter import redis_rate_limiter
from domain.model.access.rate_limit import RateLimit

async def main() -> None:
    async with redis_rate_limiter(sys.argv[1], max_wait_s=20) as limiter:
        await limiter.hit(RateLimit(50, 86_400), "warm")
        print("ready", flush=True)
        sys.stdin.readline()
        states = await asyncio.gather(*(limiter.hit(RateLimit(50, 86_400), "ada") for _ in range(200)))
        print(sum(not state.is_exceeded for state in states), flush=True)

asyncio.run(main())
"""


@pytest.fixture
def redis() -> Generator[RunningRedis]:
    """A separate server that the test may stop."""
    with running_redis() as server:
        yield server


@pytest.fixture
async def limiter(redis: RunningRedis) -> AsyncGenerator[RedisRateLimiter]:
    """A rate limiter with a short pause after an outage."""
    async with redis_rate_limiter(redis.url, pause_s=SHORT_PAUSE_S) as opened:
        yield opened


async def test_the_limit_is_exact_over_two_processes(redis: RunningRedis) -> None:
    """They start at the same moment with 200 requests each; 50 of the 400 pass."""
    pipe = asyncio.subprocess.PIPE
    clients = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", CLIENT_PROGRAM, redis.url, stdin=pipe, stdout=pipe)
        for _ in range(2)
    ]
    outputs = [client.stdout for client in clients if client.stdout is not None]
    assert [await output.readline() for output in outputs] == [b"ready\n"] * 2
    answers = await asyncio.gather(*(client.communicate(b"go\n") for client in clients))

    assert sum(int(output) for output, _ in answers) == 50


async def test_nothing_about_a_user_is_in_redis(redis: RunningRedis, limiter: RedisRateLimiter) -> None:
    """All keys have our prefix, and all of them expire."""
    await limiter.hit(LIMIT, "user ada@example.org")
    keys = cast("list[bytes]", redis.ask("KEYS", "*"))

    assert keys
    for key in keys:
        assert key.startswith(KEY_PREFIX.encode() + b":")
        assert b"ada" not in key
        assert redis.ask("PTTL", key) in range(1, 2 * LIMIT.per_s * 1000 + 1)


async def test_without_redis_every_request_passes(redis: RunningRedis, limiter: RedisRateLimiter) -> None:
    """One log line for the outage, and one for the recovery."""
    with capture_logs() as logs:
        redis.stop()
        states = [await limiter.hit(LIMIT, "ada") for _ in range(60)]
        redis.start()
        await _counted(limiter)

    assert {(state.is_exceeded, state.remaining) for state in states} == {(False, 50)}
    assert [line["event"] for line in logs] == ["rate_limits_unavailable", "rate_limits_available"]


async def test_a_full_redis_lets_requests_pass(redis: RunningRedis, limiter: RedisRateLimiter) -> None:
    """A Redis that rejects writes must not block users."""
    redis.fill()
    with capture_logs() as logs:
        assert not (await limiter.hit(LIMIT, "ada")).is_exceeded
    assert [line["event"] for line in logs] == ["rate_limits_unavailable"]


async def test_a_silent_redis_blocks_requests_briefly(redis: RunningRedis) -> None:
    """Concurrent requests wait together, and later ones not at all."""
    async with redis_rate_limiter(redis.url, pause_s=60) as limiter:
        await limiter.hit(LIMIT, "ada")
        redis.pause()
        began = monotonic()
        rush = await asyncio.gather(*(limiter.hit(LIMIT, "ada") for _ in range(50)))
        later = [await limiter.hit(LIMIT, "ada") for _ in range(50)]
        waited_s = monotonic() - began

    assert not any(state.is_exceeded for state in rush + later)
    assert waited_s < MAX_WAITED_S


async def test_a_late_response_is_not_read_as_another_one(redis: RunningRedis, limiter: RedisRateLimiter) -> None:
    """A connection with an outstanding response is not reused."""
    await limiter.hit(LIMIT, "ada")
    redis.pause()
    await asyncio.gather(*(limiter.hit(LIMIT, "ada") for _ in range(20)))
    redis.resume()
    await _counted(limiter)

    assert [(await limiter.hit(RateLimit(3, 86_400), "bob")).remaining for _ in range(4)] == [2, 1, 0, 0]


async def test_after_a_pause_one_request_tries_alone(redis: RunningRedis, limiter: RedisRateLimiter) -> None:
    """The others pass at once while it waits for a Redis that is still silent."""
    redis.pause()
    await limiter.hit(LIMIT, "ada")
    await asyncio.sleep(SHORT_PAUSE_S)
    asking = asyncio.create_task(limiter.hit(LIMIT, "ada"))
    await asyncio.sleep(0)
    await limiter.hit(LIMIT, "ada")

    assert not asking.done()
    await asking


async def test_a_restarted_redis_is_asked_at_once(redis: RunningRedis, limiter: RedisRateLimiter) -> None:
    """A dead connection is replaced, and a lost script is sent again."""
    await limiter.hit(LIMIT, "ada")
    redis.restart()
    with capture_logs() as logs:
        assert (await limiter.hit(LIMIT, "bob")).remaining == 49
    assert logs == []


async def _counted(limiter: RedisRateLimiter) -> None:
    """Send requests until Redis counts again."""
    deadline = monotonic() + 20
    while (await limiter.hit(LIMIT, "until counted")).remaining == LIMIT.count:
        assert monotonic() < deadline
        await asyncio.sleep(SHORT_PAUSE_S)
