"""Playing crash points in several lanes at once, and scenarios one after the other."""

import queue
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.torture.clips import Clips, make_clips
from tests.torture.crashes import Outcome, Victim
from tests.torture.deployment import Services, embedded, production, running_services
from tests.torture.invariants import Broken, Violation
from tests.torture.scenarios import Findings, Scenario, Stage


def crash_runs(folder: Path, deployment: str, names: Sequence[str], kills: int, lanes: int) -> list[Outcome]:
    """So many kills at each of these crash points."""
    if not names:
        return []
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for name in names:
        waiting.put(name)
    outcomes: list[Outcome] = []
    clips = make_clips(folder)
    with ExitStack() as stack:
        services = stack.enter_context(running_services(folder)) if deployment == "production" else None
        threads = [
            threading.Thread(target=_lane, args=(folder / f"lane-{number}", services, clips, waiting, kills, outcomes))
            for number in range(min(lanes, len(names)))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return sorted(outcomes, key=lambda outcome: names.index(outcome.name))


def scenario_runs(folder: Path, scenarios: Sequence[Scenario], scale: float) -> list[Findings]:
    """Each scenario on services of its own, because it breaks them."""
    found: list[Findings] = []
    for scenario in scenarios:
        place = folder / scenario.__name__
        place.mkdir()
        with running_services(place) as services:
            _say(f"{scenario.__name__} ...")
            found.append(scenario(Stage(place, services, make_clips(place), scale)))
            _say(f"{scenario.__name__}: {found[-1].figures} {found[-1].violations or 'ok'}")
    return found


@contextmanager
def opened_victim(folder: Path, services: Services | None, clips: Clips) -> Generator[Victim]:
    """A deployment that can be killed, on these services, or embedded without."""
    folder.mkdir()
    with embedded(folder) if services is None else production(folder, services) as deployment:
        victim = Victim(deployment, clips)
        try:
            victim.measure_normal()
            yield victim
        finally:
            victim.close()


def _lane(
    folder: Path,
    services: Services | None,
    clips: Clips,
    waiting: "queue.SimpleQueue[str]",
    kills: int,
    outcomes: list[Outcome],
) -> None:
    with opened_victim(folder, services, clips) as victim:
        while not waiting.empty():
            try:
                name = waiting.get_nowait()
            except queue.Empty:
                return
            outcomes.append(_tortured(victim, name, kills))


def _tortured(victim: Victim, name: str, kills: int) -> Outcome:
    """What nobody foresaw is a finding too, and ends no other lane."""
    try:
        outcome = victim.torture(name, kills)
    except (AssertionError, OSError, RuntimeError) as error:
        said = "\n".join(program.said()[-2000:] for program in victim.deployment.programs)
        _say(f"{name}: {error!r}\n{said}")
        outcome = Outcome(name, victim.kills, [], [Violation(Broken.STUCK, repr(error)[:300])])
        victim.deployment.kill()
        victim.deployment.start()
    _say(f"{name}: {outcome.kills} kills, {outcome.violations or 'ok'}")
    return outcome


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 (a long run tells how far it is)
