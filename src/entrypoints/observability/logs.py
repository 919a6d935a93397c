"""Configures structured logs, with one format for the service and its libraries."""

import logging
import re
import sys
from collections.abc import Callable
from threading import Lock
from typing import Any, TextIO

import msgspec
import structlog

from entrypoints.config.logs import LogSettings

# At INFO or DEBUG these libraries log whole URLs with their signatures, or every message of a queue.
_VERBOSE_LIBRARIES = (
    "httpx",
    "httpcore",
    "botocore",
    "aiobotocore",
    "dramatiq",
    "alembic",
    "faster_whisper",
    "aiosqlite",
)

# A secret ends at a quote or a backslash, so that a redacted JSON line stays valid JSON.
_SECRETS = re.compile(
    r"""(?i)((?:signature|credential|security-token|ticket|verify)(?:=|%3d)|bearer\s+)[^\s&"'\\]+""",
)
# Few lines contain any of these words, and this check costs a tenth of what the regular expressions cost.
_SECRET_MARKERS = (
    "signature",
    "credential",
    "security-token",
    "bearer",
    "eyj",
    "ticket",
    "tkt_",
    "tku_",
    "tks_",
    "verify",
    "play_",
)
_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*|tk[tus]_[0-9a-f]+|play_[0-9a-f]{16,}")


def configure_logs(logs: LogSettings) -> None:
    """Send every log line, the service's and its libraries', through one pipeline to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer = _renderer(logs)
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=Lines(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logs.level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logs.level, handlers=[handler], force=True)
    for name in _VERBOSE_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)


class Lines:
    """A structlog logger factory that writes lines straight to a stream, because every request logs one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = Lock()

    def __call__(self, name: str = "telecine") -> "Line":
        return Line(name, self.write)

    def write(self, line: str) -> None:
        """Write the line at once, redacted, so that lines of several threads do not mix."""
        with self._lock:
            self._stream.write(f"{redact(line)}\n")
            self._stream.flush()


class Line:
    """A structlog logger: it gets finished lines whose level is already filtered, so every method only writes."""

    def __init__(self, name: str, write: Callable[[str], None]) -> None:
        self.name = name
        self.debug = self.info = self.warning = self.error = self.critical = self.exception = write


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line, because a secret may be in a nested value or in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def redact(line: str) -> str:
    """Replace signatures and tokens by `***`."""
    lower = line.lower()
    if not any(word in lower for word in _SECRET_MARKERS):
        return line
    return _TOKEN.sub("***", _SECRETS.sub(r"\1***", line))


def _renderer(logs: LogSettings) -> Any:  # noqa: ANN401 (structlog's renderers share no type)
    if logs.format == "json":
        return structlog.processors.JSONRenderer(_as_json)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _as_json(line: object, **_options: object) -> str:
    """Encode with msgspec, which is faster than `json`; a value that it does not support is written as its `repr`."""
    return msgspec.json.encode(line, enc_hook=repr).decode()
