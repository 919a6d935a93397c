"""Where scenarios are played, and what they find."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.clips import Clips
from tests.torture.deployment import Services, production
from tests.torture.invariants import Violation
from tests.torture.victim import Victim

SEED = 20261122


@dataclass
class Findings:
    """What one scenario showed; `pages` are those of the documentation that it writes, by their names."""

    name: str
    figures: dict[str, float] = field(default_factory=dict[str, float])
    violations: list[Violation] = field(default_factory=list[Violation])
    pages: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, name: str, count: float) -> None:
        """Count so many more."""
        self.figures[name] = self.figures.get(name, 0) + count


@dataclass(frozen=True)
class Stage:
    """Where scenarios are played, and how large."""

    folder: Path
    services: Services
    clips: Clips
    scale: float = 1.0

    def times(self, count: int) -> int:
        """So many, or fewer in a short run."""
        return max(1, round(count * self.scale))

    @contextmanager
    def victim(self, name: str, *, endpoint_url: str | None = None, **settings: str) -> Generator[Victim]:
        """A deployment of its own."""
        folder = self.folder / name
        folder.mkdir()
        with production(folder, self.services, endpoint_url=endpoint_url, settings=settings) as deployment:
            victim = Victim(deployment, self.clips)
            try:
                yield victim
            finally:
                victim.close()


Scenario = Callable[[Stage], Findings]
