"""The environment of a scenario, and its findings."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.clips import Clips
from tests.torture.deployment import WORKERS, Services, production
from tests.torture.invariants import Violation
from tests.torture.victim import Victim

SEED = 20261122


@dataclass
class Findings:
    """The results of one scenario.

    `pages` are the pages for docs/ that it generates, by file name; `excerpt` is a part of a log that it shows.
    """

    name: str
    figures: dict[str, float] = field(default_factory=dict[str, float])
    violations: list[Violation] = field(default_factory=list[Violation])
    pages: dict[str, str] = field(default_factory=dict[str, str])
    excerpt: list[str] = field(default_factory=list[str])

    def add(self, name: str, count: float) -> None:
        """Add to a figure, which starts at 0."""
        self.figures[name] = self.figures.get(name, 0) + count


@dataclass(frozen=True)
class Stage:
    """The folder, services and clips of a scenario, and its scale."""

    folder: Path
    services: Services
    clips: Clips
    scale: float = 1.0

    def times(self, count: int) -> int:
        """Scale a count; the result is at least 1."""
        return max(1, round(count * self.scale))

    @contextmanager
    def victim(
        self,
        name: str,
        *,
        endpoint_url: str | None = None,
        apis: int = 1,
        workers: int = WORKERS,
        settings: Mapping[str, str] | None = None,
    ) -> Generator[Victim]:
        """Run a production deployment with these settings."""
        folder = self.folder / name
        folder.mkdir()
        opened = production(
            folder, self.services, endpoint_url=endpoint_url, settings=settings, apis=apis, workers=workers
        )
        with opened as deployment:
            victim = Victim(deployment, self.clips)
            try:
                yield victim
            finally:
                victim.close()


Scenario = Callable[[Stage], Findings]
