"""Which core does what: the server under test has one to itself, everything else shares the other."""

import os
from collections.abc import Generator
from contextlib import contextmanager


def server_core() -> int:
    """The core of the server under test, and of nothing else that we start.

    Raises:
        SystemExit: there is only one core, on which no server could be told from its load.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:  # noqa: PLR2004 (one for the server, one for the rest)
        raise SystemExit("benchmarks: two cores are needed, one for the server and one for the rest.")
    return cores[-1]


@contextmanager
def on_cores(*cores: int) -> Generator[None]:
    """What is started inside the block stays on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def beside_the_server() -> Generator[int]:
    """Keep this process, and the load and the databases it starts, off the server's core; answers that core."""
    core = server_core()
    with on_cores(*sorted(os.sched_getaffinity(0) - {core})):
        yield core
