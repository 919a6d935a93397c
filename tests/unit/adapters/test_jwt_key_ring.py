"""When the provider is asked for its keys, and what is used while it can't be."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from adapters.fakes.clock import FakeClock
from adapters.jwt.key_ring import MIN_INTERVAL_S, KeyRing
from adapters.jwt.key_set import KeySet, key_set_of, keys_unavailable
from domain.model.errors import Unavailable
from tests.identity_provider import SigningKey, key_set
from tests.world import until

pytestmark = pytest.mark.anyio

MAX_AGE_S = 300.0
OLD = key_set_of(key_set([SigningKey("EdDSA", "old")]))
NEW = key_set_of(key_set([SigningKey("EdDSA", "new")]))


@dataclass
class FakeProvider:
    """Answers at once, or when it is let go."""

    keys: KeySet = OLD
    is_away: bool = False
    asked: int = 0
    is_free: asyncio.Event = field(default_factory=asyncio.Event)

    async def fetch(self) -> KeySet:
        """What is published, once that may be told."""
        self.asked += 1
        await self.is_free.wait()
        if self.is_away:
            raise keys_unavailable("It is away.")
        return self.keys


@pytest.fixture
def clock() -> FakeClock:
    """Time, for the test to move."""
    return FakeClock()


@pytest.fixture
def provider() -> FakeProvider:
    """A provider that answers at once."""
    provider = FakeProvider()
    provider.is_free.set()
    return provider


@pytest.fixture
async def ring(provider: FakeProvider, clock: FakeClock) -> AsyncGenerator[KeyRing]:
    """A ring that has never asked; whatever it does ends with it."""
    ring = KeyRing(provider.fetch, clock, max_age_s=MAX_AGE_S)
    yield ring
    await ring.close()
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "jwks"]


async def test_nobody_is_asked_before_a_key_is_needed(ring: KeyRing, provider: FakeProvider) -> None:
    """A worker never needs one."""
    assert (ring.keys().keys, provider.asked) == ((), 0)


async def test_the_first_who_needs_a_key_waits_for_it(ring: KeyRing, provider: FakeProvider) -> None:
    """From then on it is there."""
    assert await ring.newer_keys() is OLD
    assert (ring.keys(), provider.asked) == (OLD, 1)


async def test_those_who_come_together_share_one_fetch(ring: KeyRing, provider: FakeProvider, clock: FakeClock) -> None:
    """However many, and however long it takes."""
    provider.is_free.clear()
    waiting = [asyncio.create_task(ring.newer_keys()) for _ in range(50)]
    await until(lambda: provider.asked > 0)
    clock.advance(MIN_INTERVAL_S * 2)
    waiting.append(asyncio.create_task(ring.newer_keys()))
    provider.is_free.set()

    assert await asyncio.gather(*waiting) == [OLD] * 51
    assert provider.asked == 1


async def test_whoever_gives_up_waiting_stops_nobody_else(ring: KeyRing, provider: FakeProvider) -> None:
    """The fetch goes on for the others."""
    provider.is_free.clear()
    impatient, patient = (asyncio.create_task(ring.newer_keys()) for _ in range(2))
    await until(lambda: provider.asked > 0)
    impatient.cancel()
    await asyncio.wait([impatient])
    provider.is_free.set()

    assert impatient.cancelled()
    assert await patient is OLD


async def test_unknown_keys_do_not_hammer_the_provider(ring: KeyRing, provider: FakeProvider, clock: FakeClock) -> None:
    """One fetch in ten seconds, whatever is asked for in them."""
    for _ in range(600):
        await ring.newer_keys()
        clock.advance(0.1)

    assert provider.asked == 6


async def test_a_new_key_is_found_when_it_is_needed(ring: KeyRing, provider: FakeProvider, clock: FakeClock) -> None:
    """And the one that is gone is gone."""
    await ring.newer_keys()
    provider.keys = NEW
    clock.advance(MIN_INTERVAL_S)

    assert await ring.newer_keys() is NEW


async def test_old_keys_serve_while_new_ones_are_fetched(
    ring: KeyRing, provider: FakeProvider, clock: FakeClock
) -> None:
    """Nobody waits for a refresh, and there is one at a time."""
    await ring.newer_keys()
    provider.keys = NEW
    provider.is_free.clear()
    clock.advance(MAX_AGE_S - 1)
    assert (ring.keys(), provider.asked) == (OLD, 1)
    clock.advance(1)
    assert [ring.keys() for _ in range(3)] == [OLD] * 3
    await until(lambda: provider.asked == 2)
    clock.advance(MIN_INTERVAL_S)
    assert ring.keys() is OLD
    provider.is_free.set()

    await until(lambda: ring.keys() is NEW)
    assert provider.asked == 2


async def test_the_last_keys_serve_as_long_as_the_provider_is_away(
    ring: KeyRing, provider: FakeProvider, clock: FakeClock
) -> None:
    """It is asked again and again, and there is one line at each end."""
    await ring.newer_keys()
    provider.is_away = True
    with capture_logs() as lines:
        for asked in range(2, 12):
            clock.advance(MAX_AGE_S)
            assert ring.keys() is OLD
            await until(lambda asked=asked: provider.asked == asked)
            assert await ring.newer_keys() is OLD
        provider.is_away = False
        clock.advance(MAX_AGE_S)
        assert await ring.newer_keys() is OLD

    assert [(line["log_level"], line["event"]) for line in lines] == [
        ("warning", "jwks_unavailable"),
        ("warning", "jwks_available_again"),
    ]
    assert (lines[0]["detail"], lines[0]["has_keys"]) == ("It is away.", True)


async def test_a_change_of_keys_is_told(ring: KeyRing, provider: FakeProvider, clock: FakeClock) -> None:
    """An operator can see when it came, and that what is the same again is no change."""
    with capture_logs() as lines:
        for keys in (OLD, OLD, NEW):
            provider.keys = keys
            await ring.newer_keys()
            clock.advance(MIN_INTERVAL_S)

    assert [(line["event"], line["keys"], line["passed_over"]) for line in lines] == [("jwks_changed", 1, 0)] * 2


async def test_without_any_key_there_is_no_answer(ring: KeyRing, provider: FakeProvider, clock: FakeClock) -> None:
    """Nobody is refused for it, and it heals by itself; until then the provider is not hammered."""
    provider.is_away = True
    for _ in range(3):
        with pytest.raises(Unavailable, match="It is away") as refused:
            await ring.newer_keys()
        assert (refused.value.code, refused.value.retryable) == ("jwks_unavailable", True)
        assert refused.value.retry_after_s == MIN_INTERVAL_S
    assert provider.asked == 1
    provider.is_away = False
    clock.advance(MIN_INTERVAL_S)

    assert await ring.newer_keys() is OLD


async def test_a_clock_that_is_set_back_stops_nothing(ring: KeyRing, provider: FakeProvider, clock: FakeClock) -> None:
    """Else the keys would be old for as long as it was wrong."""
    await ring.newer_keys()
    provider.keys = NEW
    clock.advance(-86_400)
    ring.keys()

    await until(lambda: ring.keys() is NEW)


async def test_a_fetch_ends_with_the_ring(ring: KeyRing, provider: FakeProvider) -> None:
    """Who waits for it is not left waiting."""
    provider.is_free.clear()
    waiting = asyncio.create_task(ring.newer_keys())
    await until(lambda: provider.asked > 0)
    await ring.close()

    with pytest.raises(Unavailable):
        await waiting
