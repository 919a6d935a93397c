"""The plot of presigns per second, by server, as bars with the spread of the rounds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from benchmarks.figures import Run

_OURS, _OTHERS = "#0f5e78", "#9aa5ad"


def draw(run: Run, target: Path) -> bool:
    """Draw the presign measurements of the run; returns whether it has any."""
    rounds: Mapping[str, Sequence[Mapping[str, Any]]] | None = run.details.get("presign")
    if rounds is None:
        return False
    # A fixed salt makes the ids reproducible, so that the same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "telecine"
    canvas: Any = Canvas(figsize=(8, 5), layout="constrained")
    _bars(canvas, rounds, "requests_per_s", "requests a second", 121)
    _bars(canvas, rounds, "cpu_us", "µs of CPU for one request", 122)
    canvas.suptitle("Presigning an upload, one process on one core")
    canvas.savefig(target, metadata={"Date": None})
    return True


def _bars(
    canvas: Any,  # noqa: ANN401 (the library's own types are partly unknown)
    rounds: Mapping[str, Sequence[Mapping[str, Any]]],
    column: str,
    label: str,
    place: int,
) -> None:
    axes = canvas.add_subplot(place)
    for position, (name, each) in enumerate(rounds.items()):
        values = [float(one[column]) for one in each]
        middle = median(values)
        spread = [[middle - min(values)], [max(values) - middle]]
        axes.bar(position, middle, color=_OURS if name == "telecine" else _OTHERS, yerr=spread, capsize=3)
    axes.set_xticks(range(len(rounds)), list(rounds), rotation=40, ha="right")
    axes.set_ylabel(label)
    axes.spines[["top", "right"]].set_visible(False)
