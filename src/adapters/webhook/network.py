"""Opens connections only to addresses that were checked."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import httpcore

from adapters.webhook.resolver import Resolver
from domain.model.webhooks.addresses import AddressPolicy, IPAddress


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a host once, checks all of its addresses, and connects to one of them by its number.

    A name server that answers differently the next time (DNS rebinding) changes nothing, because nothing else resolves
    the name. TLS still verifies the certificate for the name.
    """

    def __init__(self, resolver: Resolver, policy: AddressPolicy, *, is_https: bool) -> None:
        self._resolver = resolver
        self._policy = policy
        self._is_https = is_https
        # Its type is unknown to checkers, because httpcore defines it only if anyio is installed.
        backend: Any = httpcore.AnyIOBackend()
        self._backend: httpcore.AsyncNetworkBackend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's own signature)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers.

        Raises:
            Unresolvable: the host has no address.
            Rejected: one of its addresses is not allowed.
            ConnectError: no address answers.
        """
        addresses = await self._addresses(host)
        self._policy.check(addresses, is_https=self._is_https)
        failure: Exception = httpcore.ConnectError("no address")
        share_s = None if timeout is None else timeout / len(addresses)
        for address in addresses:
            try:
                return await self._backend.connect_tcp(
                    str(address), port, timeout=share_s, local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's own signature)
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: a webhook is never sent to a socket of this machine."""
        raise httpcore.ConnectError("not allowed")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def _addresses(self, host: str) -> list[IPAddress]:
        try:
            return [ip_address(host)]
        except ValueError:
            return await self._resolver.addresses(host)
