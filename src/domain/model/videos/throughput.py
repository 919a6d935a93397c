"""Throughput of a stage, from its recent progress reports."""

from dataclasses import dataclass
from datetime import datetime

WINDOW_S = 15.0
"""Only reports of the last 15 s count, because the speed of a network or an encoder changes."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """Progress reports, each a moment and a percentage, oldest first; it is immutable."""

    reports: tuple[tuple[datetime, float], ...] = ()

    def after(self, moment: datetime, percent: float) -> "Throughput":
        """The throughput with one more report; of the reports older than 15 s only the latest is kept."""
        recent = [report for report in self.reports if (moment - report[0]).total_seconds() < WINDOW_S]
        return Throughput((*self.reports[-len(recent) - 1 :], (moment, percent)))

    @property
    def percent_per_s(self) -> float:
        """Percentage points per second; 0.0 as long as it can't be computed."""
        if not self.reports:
            return 0.0
        (since, from_percent), (until, to_percent) = self.reports[0], self.reports[-1]
        seconds = (until - since).total_seconds()
        return max(to_percent - from_percent, 0.0) / seconds if seconds > 0 else 0.0

    @property
    def eta_s(self) -> float | None:
        """Seconds until the stage is done at this throughput; None if unknown."""
        if not self.percent_per_s:
            return None
        return round((100.0 - self.reports[-1][1]) / self.percent_per_s, 1)

    def speed(self, amount: float) -> float | None:
        """Units of work per second, for a stage with `amount` units in total; None if unknown."""
        return round(amount * self.percent_per_s / 100.0, 2) if amount and self.percent_per_s else None
