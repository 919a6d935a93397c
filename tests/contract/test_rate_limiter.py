"""The contract of every rate limiter."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from typing import cast

import pytest

from domain.model.access.rate_limit import RateLimit, RateLimitState
from domain.ports.rate_limiter import RateLimiter
from tests.contract.rate_limiter_fixtures import Subject, opened_subject
from tests.services.redis import RunningRedis, running_redis

pytestmark = pytest.mark.anyio

# Long enough that no window ends during a test.
DAY_S = 86_400
FIVE = RateLimit(5, DAY_S)

ODD_KEYS = ["", " ", "a", "A", "a/5", "a/", "/a", "a:b", "{a}", "{", "*", "a\n", "a\x00", "\ud800", "ü", "u\u0308"]


@pytest.fixture(scope="module")
def redis_server() -> Generator[RunningRedis]:
    """One server for all tests of this suite."""
    with running_redis() as server:
        yield server


@pytest.fixture(params=["in_memory", "memory", "redis"])
async def subject(request: pytest.FixtureRequest) -> AsyncGenerator[Subject]:
    """Each rate limiter in turn; no thread may be left."""
    threads_before = threading.enumerate()
    name = str(request.param)
    async with opened_subject(name, lambda: cast("RunningRedis", request.getfixturevalue("redis_server"))) as opened:
        yield opened
    assert threading.enumerate() == threads_before


@pytest.fixture
def limiter(subject: Subject) -> RateLimiter:
    """The rate limiter, for tests without a change of time."""
    return subject.limiter


async def _hits(limiter: RateLimiter, count: int, key: str = "ada", limit: RateLimit = FIVE) -> list[RateLimitState]:
    return [await limiter.hit(limit, key) for _ in range(count)]


async def test_requests_pass_until_the_limit(limiter: RateLimiter) -> None:
    """Each request reduces what remains by one; beyond the limit nothing remains."""
    states = await _hits(limiter, 7)

    assert [state.remaining for state in states] == [4, 3, 2, 1, 0, 0, 0]
    assert [state.is_exceeded for state in states] == [False] * 5 + [True] * 2
    assert {state.limit for state in states} == {5}


async def test_the_time_to_wait_is_within_the_window(limiter: RateLimiter) -> None:
    """The wait is never longer than the window, and beyond the limit it is more than zero."""
    for state in await _hits(limiter, 6):
        assert 0 < state.reset_after_s <= DAY_S


async def test_after_the_reset_time_requests_pass_again(subject: Subject) -> None:
    """After `reset_after_s` at least one request is left, after two windows all."""
    limit = RateLimit(4, 1)
    refused = await _until_refused(subject.limiter, limit)
    await subject.advance_time(refused.reset_after_s)
    assert not (await subject.limiter.hit(limit, "ada")).is_exceeded

    await subject.advance_time(2 * limit.per_s)
    assert (await subject.limiter.hit(limit, "ada")).remaining == 3


async def _until_refused(limiter: RateLimiter, limit: RateLimit) -> RateLimitState:
    """Send requests until one is rejected; a window may end in between."""
    while not (state := await limiter.hit(limit, "ada")).is_exceeded:
        pass
    return state


async def test_a_refused_request_counts_nothing(subject: Subject) -> None:
    """Repeated requests beyond the limit do not extend the wait."""
    assert not (await subject.limiter.hit(FIVE, "ada", cost=3)).is_exceeded
    refused = [await subject.limiter.hit(FIVE, "ada", cost=3) for _ in range(3)]

    assert [(state.is_exceeded, state.remaining) for state in refused] == [(True, 2)] * 3
    assert not (await subject.limiter.hit(FIVE, "ada", cost=2)).is_exceeded


async def test_a_request_that_costs_more_than_the_limit_never_passes(limiter: RateLimiter) -> None:
    """It counts nothing either."""
    assert (await limiter.hit(FIVE, "ada", cost=6)).is_exceeded
    assert (await limiter.hit(FIVE, "ada")).remaining == 4


async def test_no_two_keys_share_a_count(limiter: RateLimiter) -> None:
    """Any text is a key, whatever its characters or length."""
    keys = [*ODD_KEYS, "x" * 1_000_000, "x" * 1_000_001]
    for key in keys:
        await limiter.hit(FIVE, key)

    assert {(await limiter.hit(FIVE, key)).remaining for key in keys} == {3}


async def test_no_two_limits_share_a_count(limiter: RateLimiter) -> None:
    """The same key may have a limit per second and a limit per hour."""
    limits = [FIVE, RateLimit(5, DAY_S + 1), RateLimit(6, DAY_S)]
    for limit in limits:
        await limiter.hit(limit, "ada")

    assert [(await limiter.hit(limit, "ada")).remaining for limit in limits] == [3, 3, 4]


async def test_concurrent_requests_do_not_exceed_the_limit(limiter: RateLimiter) -> None:
    """Comparing and adding is one atomic step."""
    limit = RateLimit(50, DAY_S)
    states = await asyncio.gather(*(limiter.hit(limit, "ada") for _ in range(300)))

    assert sum(not state.is_exceeded for state in states) == 50
