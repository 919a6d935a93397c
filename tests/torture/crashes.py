"""Killing a process at one crash point again and again, and looking at what becomes of the video."""

from dataclasses import dataclass, field
from time import monotonic

from tests.torture.invariants import Violation
from tests.torture.plans import PLANS
from tests.torture.victim import Victim


@dataclass
class Outcome:
    """What was seen at one crash point.

    A recovery is the time from a kill to the video's end, less what a video takes when nobody is killed; kills after a
    video's end need none.
    """

    name: str
    kills: int = 0
    recoveries_s: list[float] = field(default_factory=list[float])
    violations: list[Violation] = field(default_factory=list[Violation])


def torture(victim: Victim, crash_at: str, kills: int) -> Outcome:
    """Kill at this crash point so many times; each time everything must come to its end."""
    outcome = Outcome(crash_at)
    victim.kills = 0
    while victim.kills < kills and not outcome.violations:
        victim.affected = []
        PLANS[crash_at](victim, crash_at)
        outcome.violations += victim.inspector.lost_originals()
        was_over = victim.inspector.wait_terminal(victim.affected, timeout_s=0.0)
        victim.mend()
        if not was_over and victim.inspector.wait_terminal(victim.affected):
            outcome.recoveries_s.append(max(0.0, monotonic() - victim.killed_at - victim.normal_s))
        outcome.violations += victim.inspector.check_videos()
    victim.deployment.start()
    outcome.violations += victim.inspector.check()
    outcome.kills = victim.kills
    return outcome
