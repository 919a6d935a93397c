"""Ports for servers that tests start, stop and restart."""

import socket
from contextlib import suppress
from random import SystemRandom

HOST = "127.0.0.1"


def free_port() -> int:
    """Choose a port below the kernel's ephemeral range.

    If a server on an ephemeral port is down, a client may get that port as its local port and connect to itself.
    """
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
