"""Runs crash points on several deployments in parallel, and scenarios one after the other."""

import queue
import sys
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.clips import Clips, make_clips
from tests.torture.crashes import Outcome, torture
from tests.torture.deployment import Services, embedded, production, running_services
from tests.torture.invariants import Broken, Violation
from tests.torture.plans import CLEANED_UP, IMPATIENT
from tests.torture.stage import Findings, Scenario, Stage
from tests.torture.victim import Victim


def crash_runs(folder: Path, deployment: str, names: Sequence[str], kills: int, lanes: int) -> list[Outcome]:
    """Kill this many times at each crash point, on up to `lanes` deployments in parallel."""
    if not names:
        return []
    with ExitStack() as stack:
        services = stack.enter_context(running_services(folder)) if deployment == "production" else None
        clips = make_clips(folder)
        usual = _ParallelDeployments(folder / "usual", services, clips, kills)
        usual.run([name for name in names if name not in CLEANED_UP], lanes)
        impatient = _ParallelDeployments(folder / "impatient", services, clips, kills, IMPATIENT)
        impatient.run([name for name in names if name in CLEANED_UP], lanes)
    return sorted([*usual.outcomes, *impatient.outcomes], key=lambda outcome: names.index(outcome.name))


def scenario_runs(folder: Path, scenarios: Sequence[Scenario], scale: float) -> list[Findings]:
    """Run each scenario on its own services, because a scenario breaks them."""
    found: list[Findings] = []
    for scenario in scenarios:
        place = folder / scenario.__name__
        place.mkdir()
        with running_services(place) as services:
            _report(f"{scenario.__name__} ...")
            found.append(scenario(Stage(place, services, make_clips(place), scale)))
            _report(f"{scenario.__name__}: {found[-1].figures} {found[-1].violations or 'ok'}")
    return found


@contextmanager
def opened_victim(
    folder: Path, services: Services | None, clips: Clips, settings: Mapping[str, str] | None = None
) -> Generator[Victim]:
    """Open a deployment to torture, on these services, or an embedded one without services."""
    folder.mkdir(parents=True)
    opened = (
        embedded(folder, settings=settings) if services is None else production(folder, services, settings=settings)
    )
    with opened as deployment:
        victim = Victim(deployment, clips)
        try:
            victim.measure_normal()
            yield victim
        finally:
            victim.close()


@dataclass
class _ParallelDeployments:
    """Deployments with the same settings that take crash points from a common queue."""

    folder: Path
    services: Services | None
    clips: Clips
    kills: int
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    outcomes: list[Outcome] = field(default_factory=list[Outcome])

    def run(self, names: Sequence[str], lanes: int) -> None:
        """Torture at all of these crash points, on up to `lanes` deployments at once."""
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        for name in names:
            waiting.put(name)
        threads = [
            threading.Thread(target=self._work_through, args=(number, waiting))
            for number in range(min(lanes, len(names)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work_through(self, number: int, waiting: "queue.SimpleQueue[str]") -> None:
        with opened_victim(self.folder / str(number), self.services, self.clips, self.settings) as victim:
            while not waiting.empty():
                try:
                    name = waiting.get_nowait()
                except queue.Empty:
                    return
                self.outcomes.append(_tortured(victim, name, self.kills))


def _tortured(victim: Victim, name: str, kills: int) -> Outcome:
    """Turn an unexpected error into a violation, so that it does not end the other crash points."""
    try:
        outcome = torture(victim, name, kills)
    except (AssertionError, OSError, RuntimeError) as error:
        output = "\n".join(program.output()[-2000:] for program in victim.deployment.programs)
        _report(f"{name}: {error!r}\n{output}")
        outcome = Outcome(name, victim.kills, [], [Violation(Broken.STUCK, repr(error)[:300])])
        victim.deployment.kill()
        victim.deployment.start()
    _report(f"{name}: {outcome.kills} kills, {outcome.violations or 'ok'}")
    return outcome


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 (a long run reports its progress)
