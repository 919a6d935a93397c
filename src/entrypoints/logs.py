"""Logs: structured lines, one format for our own and for our libraries'."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from entrypoints.settings import Settings

# These loggers show whole URLs, signatures included, or every message of a queue.
_TALKATIVE = ("httpx", "httpcore", "botocore", "aiobotocore", "dramatiq", "alembic", "faster_whisper", "aiosqlite")

_SECRETS = re.compile(
    r"(?i)((?:x-amz-)?(?:signature|credential|security-token)=|bearer\s+)[^\s&\"']+",
)


def configure_logs(settings: Settings) -> None:
    """Send every log line, ours and our libraries', through one pipeline to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out signatures and tokens in every text of a line."""
    for key, text in event.items():
        if isinstance(text, str):
            event[key] = _SECRETS.sub(r"\1***", text)
    return event


def _renderer(settings: Settings) -> Any:  # noqa: ANN401 (structlog's renderers share no type)
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
