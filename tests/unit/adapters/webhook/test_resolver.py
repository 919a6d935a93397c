"""Names are resolved in threads, with a time limit."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import pytest

from adapters.webhook import resolver
from adapters.webhook.resolver import SystemResolver, Unresolvable, system_resolver
from domain.model.webhooks.addresses import IPAddress

pytestmark = pytest.mark.anyio


async def test_every_address_is_found_once() -> None:
    """Whatever the socket types are."""
    async with system_resolver() as system:
        assert ip_address("127.0.0.1") in await system.addresses("localhost")


@pytest.mark.parametrize("host", ["does-not-exist.invalid", "a" * 64 + ".example", ""])
async def test_an_unknown_name_is_unresolvable(host: str) -> None:
    """Also one that no name server could know."""
    async with system_resolver() as system:
        with pytest.raises(Unresolvable):
            await system.addresses(host)


async def test_a_silent_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread goes on; the call ends."""
    ended = threading.Event()

    def hang(_host: str) -> list[object]:
        ended.wait(60)
        return []

    monkeypatch.setattr(resolver, "_look_up", hang)
    with ThreadPoolExecutor(1) as threads:
        try:
            with pytest.raises(Unresolvable):
                await SystemResolver(threads, timeout_s=0.01).addresses("receiver.example")
        finally:
            ended.set()


async def test_a_silent_name_server_occupies_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many requests wait for it; other names are found meanwhile."""
    ended = threading.Event()
    lookups: list[str] = []

    def look_up(host: str) -> list[IPAddress]:
        lookups.append(host)
        if host == "silent.example":
            ended.wait(60)
        return [ip_address("192.0.2.1")]

    monkeypatch.setattr(resolver, "_look_up", look_up)
    with ThreadPoolExecutor(2) as threads:
        system = SystemResolver(threads, timeout_s=30)
        waiting = [asyncio.create_task(system.addresses("silent.example")) for _ in range(9)]
        await asyncio.sleep(0)
        try:
            assert await system.addresses("quick.example") == [ip_address("192.0.2.1")]
        finally:
            ended.set()
        assert await asyncio.gather(*waiting) == [[ip_address("192.0.2.1")]] * 9
        await system.addresses("silent.example")
    assert lookups.count("silent.example") == 2
