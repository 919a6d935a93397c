"""Kills a process at one crash point repeatedly, and checks what happens to the video."""

from dataclasses import dataclass, field
from time import monotonic

from tests.torture.invariants import Violation
from tests.torture.plans import PLANS
from tests.torture.victim import Victim


@dataclass
class Outcome:
    """The observations at one crash point.

    A recovery is the time from a kill until the video is terminal, less the normal time of a video; a kill after a
    video is terminal has no recovery.
    """

    name: str
    kills: int = 0
    recoveries_s: list[float] = field(default_factory=list[float])
    violations: list[Violation] = field(default_factory=list[Violation])


def torture(victim: Victim, crash_at: str, kills: int) -> Outcome:
    """Kill this many times at the crash point; after each kill, every affected video must become terminal."""
    outcome = Outcome(crash_at)
    victim.kills = 0
    while victim.kills < kills and not outcome.violations:
        victim.affected = []
        PLANS[crash_at](victim, crash_at)
        outcome.violations += victim.inspector.lost_originals()
        was_terminal = victim.inspector.wait_terminal(victim.affected, timeout_s=0.0)
        victim.ensure_running()
        if not was_terminal and victim.inspector.wait_terminal(victim.affected):
            outcome.recoveries_s.append(max(0.0, monotonic() - victim.killed_at - victim.normal_s))
        outcome.violations += victim.inspector.check_videos()
    victim.deployment.start()
    outcome.violations += victim.inspector.check()
    outcome.kills = victim.kills
    return outcome
