"""When the key set is fetched, and which keys are used while the provider is unavailable."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from adapters.fakes.clock import FakeClock
from adapters.jwt.jwks import KeySet, keys_unavailable, parse_key_set
from adapters.jwt.jwks_cache import MIN_INTERVAL_S, JwksCache
from domain.model.errors import Unavailable
from tests.services.identity_provider import SigningKey, key_set
from tests.support.world import until

pytestmark = pytest.mark.anyio

MAX_AGE_S = 300.0
OLD = parse_key_set(key_set([SigningKey("EdDSA", "old")]))
NEW = parse_key_set(key_set([SigningKey("EdDSA", "new")]))


@dataclass
class FakeProvider:
    """Returns its keys at once, or after `is_free` is set."""

    keys: KeySet = OLD
    is_unavailable: bool = False
    fetch_count: int = 0
    is_free: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self) -> KeySet:
        """The published keys."""
        self.fetch_count += 1
        await self.is_free.wait()
        if self.is_unavailable:
            raise keys_unavailable("The provider is unavailable.")
        return self.keys


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def provider() -> FakeProvider:
    """A provider that returns its keys at once."""
    provider = FakeProvider()
    provider.is_free.set()
    return provider


@pytest.fixture
async def ring(provider: FakeProvider, clock: FakeClock) -> AsyncGenerator[JwksCache]:
    """A cache that has fetched nothing yet; its task ends when it is closed."""
    ring = JwksCache(provider.fetch, clock, max_age_s=MAX_AGE_S)
    yield ring
    await ring.close()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "jwks"]


async def test_nothing_is_fetched_before_a_key_is_needed(ring: JwksCache, provider: FakeProvider) -> None:
    """A worker never verifies tokens."""
    assert (ring.keys().keys, provider.fetch_count) == ((), 0)


async def test_the_first_caller_waits_for_the_keys(ring: JwksCache, provider: FakeProvider) -> None:
    """Later callers get them at once."""
    assert await ring.refreshed_keys() is OLD
    assert (ring.keys(), provider.fetch_count) == (OLD, 1)


async def test_concurrent_callers_share_one_fetch(ring: JwksCache, provider: FakeProvider, clock: FakeClock) -> None:
    """Also when it takes longer than the interval between fetches."""
    provider.is_free.clear()
    waiting = [asyncio.create_task(ring.refreshed_keys()) for _ in range(50)]
    await until(lambda: provider.fetch_count > 0)
    clock.advance(MIN_INTERVAL_S * 2)
    waiting.append(asyncio.create_task(ring.refreshed_keys()))
    provider.is_free.set()

    assert await asyncio.gather(*waiting) == [OLD] * 51
    assert provider.fetch_count == 1


async def test_a_cancelled_caller_does_not_cancel_the_fetch(ring: JwksCache, provider: FakeProvider) -> None:
    """Other callers are waiting for it."""
    provider.is_free.clear()
    cancelled, waiting = (asyncio.create_task(ring.refreshed_keys()) for _ in range(2))
    await until(lambda: provider.fetch_count > 0)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    provider.is_free.set()

    assert cancelled.cancelled()
    assert await waiting is OLD


async def test_unknown_keys_do_not_flood_the_provider(
    ring: JwksCache, provider: FakeProvider, clock: FakeClock
) -> None:
    """600 calls in 60 seconds cause one fetch every ten seconds."""
    for _ in range(600):
        await ring.refreshed_keys()
        clock.advance(0.1)

    assert provider.fetch_count == 6


async def test_a_new_key_is_found_when_it_is_needed(ring: JwksCache, provider: FakeProvider, clock: FakeClock) -> None:
    """The new set replaces the old one."""
    await ring.refreshed_keys()
    provider.keys = NEW
    clock.advance(MIN_INTERVAL_S)

    assert await ring.refreshed_keys() is NEW


async def test_old_keys_are_used_while_new_ones_are_fetched(
    ring: JwksCache, provider: FakeProvider, clock: FakeClock
) -> None:
    """No caller waits for a refresh, and only one runs at a time."""
    await ring.refreshed_keys()
    provider.keys = NEW
    provider.is_free.clear()
    clock.advance(MAX_AGE_S - 1)
    assert (ring.keys(), provider.fetch_count) == (OLD, 1)
    clock.advance(1)
    assert [ring.keys() for _ in range(3)] == [OLD] * 3
    await until(lambda: provider.fetch_count == 2)
    clock.advance(MIN_INTERVAL_S)
    assert ring.keys() is OLD
    provider.is_free.set()

    await until(lambda: ring.keys() is NEW)
    assert provider.fetch_count == 2


async def test_the_last_keys_are_used_as_long_as_the_provider_is_unavailable(
    ring: JwksCache, provider: FakeProvider, clock: FakeClock
) -> None:
    """The fetch is repeated; the outage is logged once when it begins and once when it ends."""
    await ring.refreshed_keys()
    provider.is_unavailable = True
    with capture_logs() as lines:
        for count in range(2, 12):
            clock.advance(MAX_AGE_S)
            assert ring.keys() is OLD
            await until(lambda count=count: provider.fetch_count == count)
            assert await ring.refreshed_keys() is OLD
        provider.is_unavailable = False
        clock.advance(MAX_AGE_S)
        assert await ring.refreshed_keys() is OLD

    assert [(line["log_level"], line["event"]) for line in lines] == [
        ("warning", "jwks_unavailable"),
        ("warning", "jwks_available_again"),
    ]
    assert (lines[0]["detail"], lines[0]["has_keys"]) == ("The provider is unavailable.", True)


async def test_a_change_of_keys_is_logged(ring: JwksCache, provider: FakeProvider, clock: FakeClock) -> None:
    """Once per change: fetching the same keys again logs nothing."""
    with capture_logs() as lines:
        for keys in (OLD, OLD, NEW):
            provider.keys = keys
            await ring.refreshed_keys()
            clock.advance(MIN_INTERVAL_S)

    assert [(line["event"], line["keys"], line["passed_over"]) for line in lines] == [("jwks_changed", 1, 0)] * 2


async def test_without_any_key_set_the_call_fails(ring: JwksCache, provider: FakeProvider, clock: FakeClock) -> None:
    """The error is retryable and names the interval, which also holds after a failed fetch."""
    provider.is_unavailable = True
    for _ in range(3):
        with pytest.raises(Unavailable, match="The provider is unavailable") as refused:
            await ring.refreshed_keys()
        assert (refused.value.code, refused.value.retryable) == ("jwks_unavailable", True)
        assert refused.value.retry_after_s == MIN_INTERVAL_S
    assert provider.fetch_count == 1
    provider.is_unavailable = False
    clock.advance(MIN_INTERVAL_S)

    assert await ring.refreshed_keys() is OLD


async def test_a_clock_that_is_set_back_does_not_stop_refreshes(
    ring: JwksCache, provider: FakeProvider, clock: FakeClock
) -> None:
    """Otherwise the keys would not be refreshed until the clock has caught up."""
    await ring.refreshed_keys()
    provider.keys = NEW
    clock.advance(-86_400)
    ring.keys()

    await until(lambda: ring.keys() is NEW)


async def test_closing_cancels_the_fetch(ring: JwksCache, provider: FakeProvider) -> None:
    """A caller that waits for it gets an error."""
    provider.is_free.clear()
    waiting = asyncio.create_task(ring.refreshed_keys())
    await until(lambda: provider.fetch_count > 0)
    await ring.close()

    with pytest.raises(Unavailable):
        await waiting
