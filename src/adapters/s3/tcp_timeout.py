"""Sockets with a time-out in the kernel: to close one, the HTTP client waits until the peer has read all data."""

import math
import socket
from collections.abc import Callable

AddressInfo = tuple[int, int, int, str, tuple[object, ...]]


def socket_factory_with_timeout(limit_s: float) -> Callable[[AddressInfo], socket.socket]:
    """A factory of sockets that fail if the peer acknowledges no data for this long (RFC 5482), where supported."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)

    def new_socket(address: AddressInfo) -> socket.socket:
        family, kind, protocol, _, _ = address
        created = socket.socket(family, kind, protocol)
        if option is not None:
            created.setsockopt(socket.IPPROTO_TCP, option, math.ceil(limit_s * 1000))
        return created

    return new_socket
