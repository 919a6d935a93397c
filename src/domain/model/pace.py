"""How fast a step goes, by what it has reported lately."""

from dataclasses import dataclass
from datetime import datetime

WINDOW_S = 15.0
"""So far back a pace looks: a network or an encoder changes its own."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The moments at which a step stood at which percent, the oldest first; each later report makes a new value."""

    reports: tuple[tuple[datetime, float], ...] = ()

    def after(self, moment: datetime, percent: float) -> "Pace":
        """The pace with one more report; what is older than 15 s is forgotten, save the last before them."""
        late = [report for report in self.reports if (moment - report[0]).total_seconds() < WINDOW_S]
        return Pace((*self.reports[-len(late) - 1 :], (moment, percent)))

    @property
    def percent_per_s(self) -> float:
        """What is done in a second; 0.0 as long as that can't be told."""
        if not self.reports:
            return 0.0
        (since, from_percent), (until, to_percent) = self.reports[0], self.reports[-1]
        seconds = (until - since).total_seconds()
        return max(to_percent - from_percent, 0.0) / seconds if seconds > 0 else 0.0

    @property
    def eta_s(self) -> float | None:
        """Seconds until the step is through, if it goes on like this; None: nobody can tell."""
        if not self.percent_per_s:
            return None
        return round((100.0 - self.reports[-1][1]) / self.percent_per_s, 1)

    def speed(self, amount: float) -> float | None:
        """How much of so great an amount is done in a second; None: nobody can tell."""
        return round(amount * self.percent_per_s / 100.0, 2) if amount and self.percent_per_s else None
