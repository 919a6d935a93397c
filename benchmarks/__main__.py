"""python -m benchmarks [NAMES] [--quick]: run them, print the figures against their goals, write JSON and a plot."""

import argparse
import shlex
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from benchmarks import (
    claims,
    complete,
    confinement,
    cue_timing,
    jobs,
    media,
    million,
    page_load,
    page_uploads,
    presign,
    profiles,
    search,
    signature,
    streams,
    uploads,
    webhooks,
)
from benchmarks.figures import Figure, Run, machine
from benchmarks.page import publish
from benchmarks.plot import draw
from benchmarks.scale import FULL, QUICK, Outcome, Scale
from benchmarks.upload_plot import draw_uploads

RESULTS = Path(__file__).with_name("results")
LATEST = RESULTS / "latest.json"

BENCHMARKS: dict[str, Callable[[Scale, Path], Outcome]] = {
    "presign": presign.run,
    "signature": signature.run,
    "complete": complete.run,
    "confinement": confinement.run,
    "claims": claims.run,
    "jobs": jobs.run,
    "streams": streams.run,
    "webhooks": webhooks.run,
    "uploads": uploads.run,
    "page_uploads": page_uploads.run,
    "page_load": page_load.run,
    "media": media.run,
    "profiles": profiles.run,
    "captions": cue_timing.run,
    "million": million.run,
    "search": search.run,
}
# Each of these takes longer than a whole quick run, for example to insert a million rows or to encode videos.
SLOW = frozenset({"million", "search", "uploads", "page_uploads", "page_load", "media", "profiles", "captions"})


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks; returns 1 if a goal was missed or a benchmark failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; default: all")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="take under three minutes: fewer rounds, and without the slow benchmarks",
    )
    parser.add_argument("--publish", action="store_true", help="update docs/performance.md with the latest run")
    given = parser.parse_args(arguments)
    names: list[str] = given.names or [name for name in BENCHMARKS if not (given.quick and name in SLOW)]
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        parser.error(f"there is no benchmark called {', '.join(unknown)}")
    if given.publish:
        publish(LATEST)
        return 0
    return _report(_run(names, is_quick=given.quick, command=shlex.join(["python", "-m", "benchmarks", *arguments])))


def _run(names: Sequence[str], *, is_quick: bool, command: str) -> Run:
    scale = QUICK if is_quick else FULL
    began = datetime.now(UTC)
    figures: list[Figure] = []
    details: dict[str, Any] = {"seconds": {}}
    failures: dict[str, str] = {}
    for name in names:
        sys.stderr.write(f"benchmarks: {name}\n")
        started = monotonic()
        try:
            outcome = _outcome(name, scale)
        except Exception as error:  # noqa: BLE001 (the other benchmarks must run after any error)
            failures[name] = repr(error).partition("\n")[0]
            traceback.print_exc()
            continue
        figures += outcome.figures
        details |= outcome.details
        details["seconds"][name] = round(monotonic() - started, 1)
    return Run(
        date=began.strftime("%Y-%m-%d %H:%M UTC"),
        command=command,
        is_quick=is_quick,
        machine=machine(),
        figures=figures,
        # Plain values, equal to those that are read back from the file.
        details=msgspec.to_builtins(details),
        failures=failures,
    )


def _outcome(name: str, scale: Scale) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="telecine-benchmark-") as folder:
        return BENCHMARKS[name](scale, Path(folder))


def _report(run: Run) -> int:
    RESULTS.mkdir(exist_ok=True)
    LATEST.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")
    draw(run, LATEST.with_suffix(".svg"))
    draw_uploads(run, LATEST.with_suffix(".png"))
    sys.stdout.write(run.summary + "\n")
    return 0 if run.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
