"""Making this process die at a crash point that the environment names; else nothing."""

import os
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace

from adapters.crashing.points import CRASH_POINTS, CrashPoint
from adapters.crashing.watched import Call, Moment, WatchedDatabase, WatchedPort
from entrypoints.adapters import Adapters
from entrypoints.settings import PREFIX, SettingsError

VARIABLE = PREFIX + "CRASH_AT"
_NAMED = re.compile(r"(?P<name>\w+)(?::(?P<count>[1-9][0-9]*))?")


def kill_this_process() -> None:
    """End like a power cut: nothing is flushed, closed or given back."""
    os.kill(os.getpid(), signal.SIGKILL)


def with_crash_points(
    adapters: Adapters, environment: Mapping[str, str], crash: Callable[[], None] = kill_this_process
) -> Adapters:
    """The adapters; one of them dies at the place that `TELECINE_CRASH_AT` names, the k-th time if it says `name:k`.

    Raises:
        SettingsError: there is no such place.
    """
    asked = environment.get(VARIABLE)
    if not asked:
        return adapters
    named = _NAMED.fullmatch(asked)
    if named is None or named["name"] not in CRASH_POINTS:
        raise SettingsError([f"{VARIABLE}: one of these is needed, or one with `:2` for the second time: {_names()}"])
    return _watched(adapters, Fuse(CRASH_POINTS[named["name"]], int(named["count"] or 1), crash))


class Fuse:
    """Counts how often the crash point is passed, and crashes in the end."""

    def __init__(self, point: CrashPoint, count: int, crash: Callable[[], None]) -> None:
        self.point = point
        self._left = count
        self._crash = crash

    def watch(self, moment: Moment, call: Call) -> None:
        """Take notice of a moment in a call."""
        if moment is self.point.moment and self.point.concerns(call):
            self._left -= 1
            if self._left == 0:
                self._crash()


def _watched(adapters: Adapters, fuse: Fuse) -> Adapters:
    port, method = fuse.point.port, fuse.point.method
    if port == "database":
        repository, _, method = method.partition(".")
        return replace(adapters, database=WatchedDatabase(adapters.database, repository, method, fuse.watch))
    if getattr(adapters, port) is None:
        return adapters
    return replace(adapters, **{port: WatchedPort(getattr(adapters, port), method, fuse.watch)})


def _names() -> str:
    return ", ".join(sorted(CRASH_POINTS))
