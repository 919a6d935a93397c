"""Sockets that the kernel gives up; the HTTP client closes one only when all that was written has been taken."""

import math
import socket
from collections.abc import Callable

AddressInfo = tuple[int, int, int, str, tuple[object, ...]]


def sockets_given_up_after(limit_s: float) -> Callable[[AddressInfo], socket.socket]:
    """A factory of sockets that end when the other side takes nothing for so long (RFC 5482), where this is known."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)

    def new_socket(address: AddressInfo) -> socket.socket:
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        if option is not None:
            made.setsockopt(socket.IPPROTO_TCP, option, math.ceil(limit_s * 1000))
        return made

    return new_socket
