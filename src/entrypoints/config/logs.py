"""Settings of logs."""

from typing import Annotated, Literal

from msgspec import Meta

from entrypoints.config.values import ConcernSettings, prefixed


class LogSettings(ConcernSettings, frozen=True, kw_only=True, rename=prefixed("log_")):
    """Logs, which are written to standard error."""

    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Meta(description="Lowest level that is logged.")] = (
        "INFO"
    )
    format: Annotated[
        Literal["console", "json"],
        Meta(description="Format of a log line: `console` for people, `json` for one JSON object per line."),
    ] = "console"
