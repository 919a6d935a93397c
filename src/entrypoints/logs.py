"""Logs: structured lines, one format for our own and for our libraries'."""

import logging
import re
import sys
from typing import Any

import structlog

from entrypoints.settings import Settings

# These loggers show whole URLs, signatures included, or every message of a queue.
_TALKATIVE = ("httpx", "httpcore", "botocore", "aiobotocore", "dramatiq", "alembic", "faster_whisper", "aiosqlite")

# Quotes and backslashes end a secret, so that a line of JSON stays one.
_SECRETS = re.compile(
    r"""(?i)((?:signature|credential|security-token)(?:=|%3d)|bearer\s+)[^\s&"'\\]+""",
)
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
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Works on the finished line: a secret may hide in any value, however deep, or in a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line without its secrets."""
        return redact(super().format(record))


def redact(line: str) -> str:
    """Blot out signatures and tokens."""
    return _JSON_WEB_TOKEN.sub("***", _SECRETS.sub(r"\1***", line))


def _renderer(settings: Settings) -> Any:  # noqa: ANN401 (structlog's renderers share no type)
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
