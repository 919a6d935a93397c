"""Responses of the health checks."""

from typing import Literal

import msgspec


class LiveAnswer(msgspec.Struct, frozen=True):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyAnswer(msgspec.Struct, frozen=True):
    """The state of each dependency, by name: `ok`, or an error code."""

    status: Literal["ok", "unavailable"]
    checks: dict[str, str]
