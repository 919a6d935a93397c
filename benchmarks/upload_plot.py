"""The plot of uploads: API time and API memory of one upload."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import msgspec
from matplotlib.figure import Figure as Canvas

from benchmarks.figures import Run
from benchmarks.upload_figures import IN_PARTS, ONE_PUT, OUR_FORM, READ, Observation, Observations

_WAYS = (ONE_PUT, IN_PARTS, OUR_FORM, READ)
_STRAIGHT, _THROUGH = "#0f5e78", "#9aa5ad"


def draw_uploads(run: Run, target: Path) -> bool:
    """Draw the upload measurements of the run; returns whether it has any."""
    found = run.details.get("uploads")
    if found is None:
        return False
    observed = msgspec.convert(found, Observations)
    size_mb, pace_mb = _megabytes(observed.paced[ONE_PUT])
    canvas: Any = Canvas(figsize=(12, 4.8), layout="constrained")
    _bars(canvas, 131, _medians(observed.rounds, _api_s), _seconds, "API time\n(client as fast as this machine)", "s")
    paced = {name: each.api_s for name, each in observed.paced.items()}
    _bars(canvas, 132, paced, _seconds, f"API time\n(client sends {pace_mb:.0f} MB/s)", "s")
    _bars(canvas, 133, _medians(observed.rounds, _grown_mib), _mib, "API memory\n(one upload at a time)", "MiB")
    canvas.suptitle(f"What one upload of {size_mb:.0f} MB costs the API")
    canvas.savefig(target, dpi=110, metadata={"Software": None})
    return True


def _medians(rounds: Sequence[Mapping[str, Observation]], quantity: Callable[[Observation], float]) -> dict[str, float]:
    return {name: median(quantity(each[name]) for each in rounds) for name in _WAYS}


def _api_s(seen: Observation) -> float:
    return seen.api_s


def _grown_mib(seen: Observation) -> float:
    return seen.grown_mib_each


def _megabytes(paced: Observation) -> tuple[float, float]:
    """The size of the file in MB, and the rate of the slow client in MB/s."""
    return paced.size_bytes / 1e6, paced.size_bytes / paced.seconds / 1e6


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def _mib(value: float) -> str:
    return f"{value:,.0f} MiB" if value >= 1 else f"{value:.1f} MiB"


def _bars(
    canvas: Any,  # noqa: ANN401 (the library's own types are partly unknown)
    place: int,
    values: Mapping[str, float],
    text: Callable[[float], str],
    title: str,
    unit: str,
) -> None:
    axes = canvas.add_subplot(place)
    colours = [_STRAIGHT if name in {ONE_PUT, IN_PARTS} else _THROUGH for name in _WAYS]
    bars = axes.bar(range(len(_WAYS)), [values[name] for name in _WAYS], color=colours)
    axes.bar_label(bars, [text(values[name]) for name in _WAYS], padding=3)
    axes.set_xticks(range(len(_WAYS)), [name.replace(", ", ",\n") for name in _WAYS], rotation=35, ha="right")
    axes.set_title(title)
    axes.set_ylabel(unit)
    axes.margins(y=0.12)
    axes.spines[["top", "right"]].set_visible(False)
