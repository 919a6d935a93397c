"""Responses of the health checks."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class LiveResponse(msgspec.Struct, frozen=True):
    """The process is alive."""

    status: Annotated[Literal["ok"], Meta(description="Always `ok`.")] = "ok"


class ReadyResponse(msgspec.Struct, frozen=True):
    """The state of each dependency, by name: `ok`, or an error code."""

    status: Annotated[Literal["ok", "unavailable"], Meta(description="`ok` if every dependency is.")]
    checks: Annotated[dict[str, str], Meta(description="`ok` or an error code, by the name of the dependency.")]
