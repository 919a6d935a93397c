"""Assigns cores: one for the server under test, the others for everything else."""

import os
from collections.abc import Generator
from contextlib import contextmanager


def server_core() -> int:
    """The core that is reserved for the server under test.

    Raises:
        SystemExit: there is only one core, where the load would compete with the server.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:  # noqa: PLR2004 (one for the server, one for the rest)
        raise SystemExit("benchmarks: at least two cores are required, one for the server and one for the rest.")
    return cores[-1]


@contextmanager
def on_cores(*cores: int) -> Generator[None]:
    """Pin this process, and the processes started inside the block, to these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def beside_the_server() -> Generator[int]:
    """Keep this process, and the load and databases that it starts, off the server's core; yields that core."""
    core = server_core()
    with on_cores(*sorted(os.sched_getaffinity(0) - {core})):
        yield core
