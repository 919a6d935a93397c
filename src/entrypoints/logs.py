"""Logs: structured lines, one format for our own and for our libraries'."""

import logging
import re
import sys
from collections.abc import Callable
from threading import Lock
from typing import Any, TextIO

import msgspec
import structlog

from entrypoints.settings import Settings

# These loggers show whole URLs, signatures included, or every message of a queue.
_TALKATIVE = ("httpx", "httpcore", "botocore", "aiobotocore", "dramatiq", "alembic", "faster_whisper", "aiosqlite")

# Quotes and backslashes end a secret, so that a line of JSON stays one.
_SECRETS = re.compile(
    r"""(?i)((?:signature|credential|security-token)(?:=|%3d)|bearer\s+)[^\s&"'\\]+""",
)
# Nearly every line has none of these; looking for them costs a tenth of what the expressions do.
_SIGNS_OF_SECRETS = ("signature", "credential", "security-token", "bearer", "eyj")
_JSON_WEB_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


def configure_logs(settings: Settings) -> None:
    """Send every log line, ours and our libraries', through one pipeline to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer = _renderer(settings)
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=Lines(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class Lines:
    """Makes the loggers of our own lines, which go straight to the stream: one is written for every request."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()

    def __call__(self, name: str = "telecine") -> "Line":
        """A logger of this name."""
        return Line(name, self.write)

    def write(self, line: str) -> None:
        """Write the line whole, without its secrets."""
        with self._lock:
            self._stream.write(f"{redact(line)}\n")
            self._stream.flush()


class Line:
    """A logger in structlog's sense: the line is finished, and its level has been looked at."""

    def __init__(self, name: str, write: Callable[[str], None]) -> None:
        self.name = name
        self.debug = self.info = self.warning = self.error = self.critical = self.exception = write


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Works on the finished line: a secret may hide in any value, however deep, or in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line without its secrets."""
        return redact(super().format(record))


def redact(line: str) -> str:
    """Blot out signatures and tokens."""
    lower = line.lower()
    if not any(word in lower for word in _SIGNS_OF_SECRETS):
        return line
    return _JSON_WEB_TOKEN.sub("***", _SECRETS.sub(r"\1***", line))


def _renderer(settings: Settings) -> Any:  # noqa: ANN401 (structlog's renderers share no type)
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(_as_json)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _as_json(line: object, **_options: object) -> str:
    """JSON by a faster writer; what it has no form for is shown as Python shows it."""
    return msgspec.json.encode(line, enc_hook=repr).decode()
