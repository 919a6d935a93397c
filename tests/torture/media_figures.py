"""The figures of the media scenario with one version of ffmpeg."""

from collections import Counter
from dataclasses import dataclass, field

from tests.media.expected import Input, Outcome
from tests.media.passage import Passage

MIB = 1024**2


@dataclass
class Seen:
    """What was seen with one version.

    `erased`: originals that the table does not replace by a rendition, and that were erased. `false_warnings`: inputs
    that the table completes without a warning, and that had one. `opens` and `connections` are those to the canary.
    """

    version: str
    violations: int = 0
    wrong_outcomes: int = 0
    erased: int = 0
    false_warnings: int = 0
    deaths: int = 0
    opens: int = 0
    connections: int = 0
    largest: tuple[int, str] = (0, "")
    longest_wall_s: float = 0.0
    mutated: list[Passage] = field(default_factory=list[Passage])

    @property
    def mutation_outcomes(self) -> Counter[str]:
        """How many of the damaged files had each outcome."""
        return Counter(passage.outcome.summary for passage in self.mutated)

    def add(self, name: str, passage: Passage) -> None:
        """Count the cost of an input."""
        self.deaths += passage.deaths
        self.opens += passage.opens
        self.connections += passage.connections
        self.largest = max(self.largest, (passage.peak_memory_bytes, name))
        self.longest_wall_s = max(self.longest_wall_s, passage.wall_s)

    def compare(self, each: Input, outcome: Outcome) -> None:
        """Compare an outcome with the table."""
        expected = each.expected
        self.wrong_outcomes += outcome != expected
        self.erased += outcome.erases_original and not expected.erases_original
        self.false_warnings += expected.status == "completed" and not expected.warnings and bool(outcome.warnings)

    def figures(self) -> dict[str, float]:
        """For the report."""
        return {
            "violations": self.violations,
            "canary_opens": self.opens,
            "connections": self.connections,
            "deaths_of_tools": self.deaths,
            "largest_memory_mib": round(self.largest[0] / MIB, 1),
            "longest_wall_s": round(self.longest_wall_s, 2),
        }
