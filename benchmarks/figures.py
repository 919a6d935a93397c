"""Figures, the goals that they are compared with, and the report of a run."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

TIMES = "\N{MULTIPLICATION SIGN}"
_TOO_SMALL = 0.0001  # Smaller numbers would be formatted with an exponent.


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value and its goal."""

    goal: str
    what: str
    measured: str
    """The two sides of the ratio, or other context of the value."""
    value: float
    low: float
    high: float
    limit: float
    at_least: bool
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """Met, or missed by a percentage of the goal; a goal of zero has no percentage."""
        if self.is_met:
            return "met"
        if not self.limit:
            return "missed"
        return f"missed by {abs(self.value - self.limit) / self.limit * 100:.0f} %"

    @property
    def wanted(self) -> str:
        """The goal as text."""
        return f"{'≥' if self.at_least else '≤'} {_number(self.limit)} {self.unit}"

    @property
    def reached(self) -> str:
        """The value as text, with the lowest and highest of the rounds."""
        value = f"{_number(self.value)} {self.unit}"
        return value if self.low == self.high else f"{value} ({_number(self.low)} to {_number(self.high)})"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The results of one run."""

    date: str
    command: str
    is_quick: bool
    machine: dict[str, str]
    figures: list[Figure]
    details: dict[str, Any]
    failures: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    """The benchmarks that failed, and why."""

    @property
    def is_good(self) -> bool:
        """Whether everything was measured and every goal is reached."""
        return not self.failures and all(each.is_met for each in self.figures)

    @property
    def summary(self) -> str:
        """The table of figures, and below it the benchmarks that failed."""
        missing = [f"Not measured: {name}, {reason}" for name, reason in self.failures.items()]
        return "\n\n".join([table(self.figures), *missing])


def figure(
    goal: str,
    what: str,
    values: Sequence[float],
    *,
    measured: str,
    at_least: float | None = None,
    at_most: float | None = None,
    unit: str = TIMES,
) -> Figure:
    """The median of the rounds against its goal: either `at_least` or `at_most` must be given."""
    limit = at_least if at_least is not None else at_most
    if limit is None:
        raise ValueError("A figure needs a goal.")
    return Figure(
        goal=goal,
        what=what,
        measured=measured,
        value=median(values),
        low=min(values),
        high=max(values),
        limit=limit,
        at_least=at_least is not None,
        unit=unit,
    )


def table(figures: Sequence[Figure]) -> str:
    """The figures as an aligned Markdown table, which is also readable in a terminal."""
    head = ("goal", "what", "wanted", "reached (lowest to highest round)", "verdict", "measured")
    rows = [head, *((each.goal, each.what, each.wanted, each.reached, each.verdict, each.measured) for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> dict[str, str]:
    """A description of this machine."""
    described = {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1024**3:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }
    return {name: text for name, text in described.items() if text}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _number(value: float) -> str:
    """The number with three significant digits."""
    if value >= 100:  # noqa: PLR2004 (larger numbers need no decimal places)
        return f"{value:,.0f}"
    if 0 < value < _TOO_SMALL:
        return f"< {_TOO_SMALL:.4f}"
    return f"{value:.3g}"
