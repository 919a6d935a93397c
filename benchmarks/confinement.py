"""F16: the start of a confined program, against a bare one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from adapters.sandbox.limits import Access, Allowance, Sandbox
from adapters.sandbox.process import RunLimits
from benchmarks.figures import figure
from benchmarks.scale import Outcome, Scale

RUNS = 100
PROGRAM = "/bin/true"
ALLOWANCE = Allowance(wall_s=60, output_bytes=1024**2, threads=1)
LIMITS = RunLimits(60)


def run(scale: Scale, folder: Path) -> Outcome:
    """Start both in turn; what is measured contains the end of the program and the check of its exit code."""
    del scale
    confined_ms, bare_ms = asyncio.run(_in_turn(folder))
    differences = [confined - bare for confined, bare in zip(confined_ms, bare_ms, strict=True)]
    reached = figure(
        "F16",
        "a confined run of a program, beyond a bare one",
        differences,
        measured=f"{median(confined_ms):.1f} ms against {median(bare_ms):.1f} ms",
        at_most=15.0,
        unit="ms",
    )
    return Outcome([reached], {"confinement": {"confined_ms": confined_ms, "bare_ms": bare_ms}})


async def _in_turn(folder: Path) -> tuple[list[float], list[float]]:
    source, output = folder / "source", folder / "output"
    for path in (source, output):
        path.touch()
    sandbox, bare = await Sandbox.detect(), Sandbox()
    access = Access(reads=(source,), fills=(output,))

    async def started(way: Sandbox) -> None:
        outcome = await way.run([PROGRAM], ALLOWANCE, access, folder=folder, limits=LIMITS)
        if not outcome.is_success:
            raise RuntimeError(outcome.error_tail)

    confined_ms: list[float] = []
    bare_ms: list[float] = []
    for _ in range(RUNS):
        confined_ms.append(await _timed(lambda: started(sandbox)))
        bare_ms.append(await _timed(lambda: started(bare)))
    return confined_ms, bare_ms


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    began = perf_counter()
    await act()
    return (perf_counter() - began) * 1000
