"""Kills running programs at random moments, or at crash points that they are started with, and restarts them."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep

from tests.torture.programs import Program

OUTSIDE = "from outside"
_LOOK_EVERY_S = 0.05
_READY = 0.9


@dataclass
class RandomKills:
    """Kills one of the programs each time the work has made some progress, and starts every dead one again.

    A program that starts gets one of its crash points with a probability of `armed`, at one of its first passes.
    `progress` counts up while the programs work, so that on a slow machine the kills come no closer together.
    Most kills hit a program that is ready, and a few one that is just starting.
    `disasters` strike between the kills, each with its probability per kill.
    """

    programs: dict[str, tuple[Program, Sequence[str]]]
    progress: Callable[[], int]
    dice: random.Random
    most_progress: int = 8
    armed: float = 0.6
    patience_s: float = 10.0
    disasters: Sequence[tuple[float, Callable[[], None]]] = ()
    struck: int = 0
    deaths: Counter[str] = field(default_factory=Counter[str])
    _crash_points: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def kills(self) -> int:
        """The number of processes that were killed."""
        return self.deaths.total()

    def kill(self, times: int) -> None:
        """Kill this many processes; at the end some may not be ready yet."""
        while self.kills < times:
            self._wait_for_progress()
            self._strike()
            name = self._chosen()
            if not self._revive(name):
                self._kill(name)

    def _chosen(self) -> str:
        names = list(self.programs)
        ready = [name for name in names if self.programs[name][0].is_alive and self.programs[name][0].is_ready()]
        return self.dice.choice(ready if ready and self.dice.random() < _READY else names)

    def end(self) -> None:
        """Replace every program that may still die at a crash point, and wait until all are ready."""
        self.armed = 0.0
        for name in self.programs:
            if not self._revive(name) and self._crash_points.get(name):
                self._kill(name)
        for program, _ in self.programs.values():
            program.wait_ready()

    def _wait_for_progress(self) -> None:
        """Wait until the work has gone on, or for a while if every program that does it is down."""
        wanted, gives_up_at = self.progress() + self.dice.randint(1, self.most_progress), monotonic() + self.patience_s
        while self.progress() < wanted and monotonic() < gives_up_at:
            for name in self.programs:
                self._revive(name)
            sleep(_LOOK_EVERY_S)

    def _kill(self, name: str) -> None:
        program, _ = self.programs[name]
        program.kill()
        self._count(name, OUTSIDE)
        self._start(name)

    def _revive(self, name: str) -> bool:
        """Start the program again if it has died at its crash point; return whether it had."""
        program, _ = self.programs[name]
        if program.is_alive:
            return False
        assert program.was_killed(), program.output()[-2000:]
        self._count(name, self._crash_points.get(name, OUTSIDE))
        self._start(name)
        return True

    def _start(self, name: str) -> None:
        program, crash_points = self.programs[name]
        is_armed = bool(crash_points) and self.dice.random() < self.armed
        self._crash_points[name] = self.dice.choice(crash_points) if is_armed else ""
        program.start(crash_at=f"{self._crash_points[name]}:{self.dice.randint(1, 3)}" if is_armed else "")

    def _count(self, name: str, how: str) -> None:
        self.deaths[f"{name.rstrip('0123456789')} {how}"] += 1

    def _strike(self) -> None:
        for chance, disaster in self.disasters:
            if self.dice.random() < chance:
                disaster()
                self.struck += 1
