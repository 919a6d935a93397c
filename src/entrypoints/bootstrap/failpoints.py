"""Kills this process at the crash point that `TELECINE_CRASH_AT` names; without the variable it does nothing."""

import os
import re
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from adapters.failpoints.catalogue import CRASH_POINTS, CrashPoint
from adapters.failpoints.proxies import Call, DatabaseProxy, Moment, PortProxy
from domain.ports.event_bus import EventBus
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.values import PREFIX, SettingsError

VARIABLE = PREFIX + "CRASH_AT"
_BUS = "bus"
_SPECIFICATION = re.compile(r"(?P<name>\w+)(?::(?P<count>[1-9][0-9]*))?")


def kill_this_process() -> None:
    """End this process as a power failure would: nothing is flushed, closed or released."""
    os.kill(os.getpid(), signal.SIGKILL)


def with_failpoints(
    adapters: Adapters, environment: Mapping[str, str], crash: Callable[[], None] = kill_this_process
) -> Adapters:
    """Return the adapters, one of which calls `crash` when it passes the crash point that the environment names.

    `name` crashes at the first pass, `name:k` at the k-th.

    Raises:
        SettingsError: there is no such crash point.
    """
    fuse = _fuse(environment, crash)
    if fuse is None or fuse.point.port == _BUS:
        return adapters
    return _with_proxy(adapters, fuse)


def bus_with_failpoint(
    bus: EventBus, environment: Mapping[str, str], crash: Callable[[], None] = kill_this_process
) -> EventBus:
    """Return the bus, which calls `crash` if the environment names a crash point of the bus.

    It is wrapped before the database is opened, because the database publishes on it.

    Raises:
        SettingsError: there is no such crash point.
    """
    fuse = _fuse(environment, crash)
    if fuse is None or fuse.point.port != _BUS:
        return bus
    return cast("EventBus", PortProxy(bus, fuse.point.method, fuse.watch))


def _fuse(environment: Mapping[str, str], crash: Callable[[], None]) -> "Fuse | None":
    specification = environment.get(VARIABLE)
    if not specification:
        return None
    match = _SPECIFICATION.fullmatch(specification)
    if match is None or match["name"] not in CRASH_POINTS:
        names = ", ".join(sorted(CRASH_POINTS))
        raise SettingsError(
            [f"{VARIABLE}: one of these is required, or one with `:2` to crash at the second pass: {names}"]
        )
    return Fuse(CRASH_POINTS[match["name"]], int(match["count"] or 1), crash)


class Fuse:
    """Counts how often the crash point is passed, and crashes at the given count."""

    def __init__(self, point: CrashPoint, count: int, crash: Callable[[], None]) -> None:
        self.point = point
        self._remaining = count
        self._crash = crash

    def watch(self, moment: Moment, call: Call) -> None:
        """Count this moment of a call if it is the crash point."""
        if moment is self.point.moment and self.point.concerns(call):
            self._remaining -= 1
            if self._remaining == 0:
                self._crash()


def _with_proxy(adapters: Adapters, fuse: Fuse) -> Adapters:
    port, method = fuse.point.port, fuse.point.method
    if port == "database":
        repository, _, method = method.partition(".")
        return replace(adapters, database=DatabaseProxy(adapters.database, repository, method, fuse.watch))
    if getattr(adapters, port) is None:
        return adapters
    proxies: dict[str, Any] = {port: PortProxy(getattr(adapters, port), method, fuse.watch)}
    return replace(adapters, **proxies)
