"""Resolves the hosts of webhooks."""

import asyncio
import socket
from abc import abstractmethod
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import Protocol

from domain.model.webhooks.addresses import IPAddress

MAX_LOOKUPS = 32
LOOKUP_TIMEOUT_S = 5.0


class Unresolvable(Exception):
    """The host has no address, or the name servers do not answer."""


class Resolver(Protocol):
    """Finds the addresses of a host."""

    @abstractmethod
    async def addresses(self, host: str) -> list[IPAddress]:
        """Every address of the host, at least one.

        Raises:
            Unresolvable: there is none.
        """


class SystemResolver(Resolver):
    """`getaddrinfo` in threads of its own, because a lookup of a dead name server cannot be cancelled.

    Concurrent calls for one host share a lookup, so that its requests occupy one thread and not all of them.
    """

    def __init__(self, threads: ThreadPoolExecutor, *, timeout_s: float = LOOKUP_TIMEOUT_S) -> None:
        self._threads = threads
        self._timeout_s = timeout_s
        self._running: dict[str, asyncio.Future[list[IPAddress]]] = {}

    async def addresses(self, host: str) -> list[IPAddress]:
        try:
            return await asyncio.wait_for(asyncio.shield(self._lookup(host)), self._timeout_s)
        except (OSError, UnicodeError) as error:  # A time-out is an OSError, too.
            raise Unresolvable(host) from error

    def _lookup(self, host: str) -> asyncio.Future[list[IPAddress]]:
        running = self._running.get(host)
        if running is None:
            running = asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host)
            self._running[host] = running
            running.add_done_callback(lambda _: self._running.pop(host, None))
        return running


@asynccontextmanager
async def system_resolver() -> AsyncGenerator[SystemResolver]:
    """A resolver; lookups that still run at its end are abandoned."""
    threads = ThreadPoolExecutor(MAX_LOOKUPS, thread_name_prefix="resolve")
    try:
        yield SystemResolver(threads)
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str) -> list[IPAddress]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(sockaddr[0]) for *_, sockaddr in found))
