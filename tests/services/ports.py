"""Ports for servers that tests start, stop and start again."""

import socket
from contextlib import suppress
from random import SystemRandom

HOST = "127.0.0.1"


def free_port() -> int:
    """Not one that the kernel gives to clients: while the server is away, they would connect to themselves."""
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
