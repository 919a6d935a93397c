"""Responses of the health checks."""

from typing import Literal

import msgspec


class LiveResponse(msgspec.Struct, frozen=True):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyResponse(msgspec.Struct, frozen=True):
    """The state of each dependency, by name: `ok`, or an error code."""

    status: Literal["ok", "unavailable"]
    checks: dict[str, str]
