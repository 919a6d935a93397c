"""The figures of a run, as text and as JSON."""

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from tests.torture.crashes import Outcome
from tests.torture.invariants import Broken, Violation
from tests.torture.stage import Findings


@dataclass
class Report:
    """The results of one run."""

    deployment: str
    crashes: list[Outcome] = field(default_factory=list[Outcome])
    scenarios: list[Findings] = field(default_factory=list[Findings])

    @property
    def violations(self) -> list[Violation]:
        """Every violation of the run."""
        return [violation for each in (*self.crashes, *self.scenarios) for violation in each.violations]

    def pages(self) -> dict[str, str]:
        """The pages for docs/ that the scenarios generate, by file name."""
        return {name: page for found in self.scenarios for name, page in found.pages.items()}

    def as_text(self) -> str:
        """Format a table of the crash points, a line for each scenario, and the sums."""
        lines = [f"{'crash point':<44}{'kills':>6}{'p50 s':>8}{'worst s':>9}  broken"]
        for each in self.crashes:
            p50, worst = percentile(each.recoveries_s, 50), percentile(each.recoveries_s, 100)
            lines.append(f"{each.name:<44}{each.kills:>6}{p50:>8.1f}{worst:>9.1f}  {_summary(each.violations)}")
        for found in self.scenarios:
            figures = ", ".join(f"{name} {figure:g}" for name, figure in found.figures.items())
            lines += [f"{found.name}: {figures}; {_summary(found.violations)}", *found.excerpt]
        return "\n".join([*lines, ", ".join(f"{name} {figure:g}" for name, figure in self.sums().items())])

    def sums(self) -> dict[str, float]:
        """The sums, which docs/reliability.md quotes."""
        recoveries_s = [recovery_s for each in self.crashes for recovery_s in each.recoveries_s]
        broken = Counter(violation.kind for violation in self.violations)
        return {
            "points": len(self.crashes),
            "kills": sum(each.kills for each in self.crashes),
            "recovery_p50_s": round(percentile(recoveries_s, 50), 2),
            "recovery_p99_s": round(percentile(recoveries_s, 99), 2),
            **{kind.value.replace(" ", "_"): broken[kind] for kind in Broken},
        }

    def write(self, folder: Path) -> Path:
        """Write everything as JSON; return the path."""
        folder.mkdir(exist_ok=True)
        written_at = datetime.now(UTC)
        content = {
            "written_at": written_at.isoformat(timespec="seconds"),
            "cpus": os.cpu_count(),
            "load": os.getloadavg(),
            "deployment": self.deployment,
            "sums": self.sums(),
            "crashes": [asdict(each) for each in self.crashes],
            "scenarios": [asdict(each) for each in self.scenarios],
        }
        path = folder / f"{self.deployment}-{written_at:%Y%m%dT%H%M%S}.json"
        path.write_text(json.dumps(content, indent=1))
        return path


def percentile(figures: list[float], percent: float) -> float:
    """The percentile by nearest rank; 0.0 for an empty list."""
    ordered = sorted(figures)
    if not ordered:
        return 0.0
    return ordered[max(0, ceil(percent / 100 * len(ordered)) - 1)]


def _summary(violations: list[Violation]) -> str:
    return "; ".join(f"{violation.kind}: {violation.detail}" for violation in violations[:3]) or "nothing"
