"""Logs: one pipeline for all lines, which redacts secrets."""

import io
import json
import logging
from collections.abc import Generator
from contextlib import redirect_stderr

import pytest
import structlog

from entrypoints.config.logs import LogSettings
from entrypoints.observability.logs import configure_logs, redact

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def as_before() -> Generator[None]:
    """Restore the logging configuration, which is global."""
    root, structured = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**structured)
    root.handlers[:] = handlers
    root.setLevel(level)


def written(settings: LogSettings, *lines: dict[str, object], foreign: str = "") -> list[str]:
    """The lines that are written for these events, and then for a line of a library."""
    stream = io.StringIO()
    with redirect_stderr(stream):
        configure_logs(settings)
    logger = structlog.stdlib.get_logger("ours")
    for line in lines:
        logger.info("event", **line)
    if foreign:
        logging.getLogger("a.library").warning("%s", foreign)
    return stream.getvalue().splitlines()


def test_a_line_of_json_has_everything() -> None:
    """One object per line, for the service and its libraries."""
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        ours, theirs = map(json.loads, written(LogSettings(format="json"), {"count": 3}, foreign="hello"))
    assert ours == {
        "event": "event",
        "count": 3,
        "level": "info",
        "logger": "ours",
        "request_id": "r-1",
        "timestamp": ours["timestamp"],
    }
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("hello", "warning", "a.library")
    assert theirs["request_id"] == "r-1"
    assert ours["timestamp"].endswith("Z")


def test_console_lines_are_plain_text_outside_of_a_terminal() -> None:
    """They have no colours."""
    (line,) = written(LogSettings(format="console"), {"count": 3})
    assert "event" in line
    assert "count=3" in line
    assert "\x1b" not in line


def test_lines_below_the_level_are_not_written() -> None:
    """`TELECINE_LOG_LEVEL` sets the level."""
    assert written(LogSettings(level="ERROR"), {"count": 3}, foreign="a warning") == []


@pytest.mark.parametrize("name", ["httpx", "httpcore", "botocore", "dramatiq", "aiosqlite"])
def test_libraries_that_log_urls_are_quiet(name: str) -> None:
    """Even at DEBUG, since they log whole presigned URLs."""
    written(LogSettings(level="DEBUG"))
    assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_secret_is_written(log_format: str) -> None:
    """Not in a text, a nested value, bytes, a traceback or a library's line."""
    settings = LogSettings(format="json") if log_format == "json" else LogSettings(format="console")
    url = "http://x/bucket/k?expires=1&signature=SECRET&more=1"
    lines: list[dict[str, object]] = [
        {"url": url},
        {"request": {"headers": [f"Authorization: Bearer {TOKEN}"], "url": url}},
        {"body": url.encode()},
        {"token": TOKEN},
        {"exc_info": ValueError(f"no answer from {url}")},
        {"url": "https://r2/k?X-Amz-Credential=SECRET&X-Amz-Security-Token=SECRET&X-Amz-Signature=SECRET"},
    ]
    text = "\n".join(written(settings, *lines, foreign=f'GET "{url}" bearer SECRET'))
    assert "SECRET" not in text
    assert TOKEN not in text
    assert "***" in text
    assert "expires=1" in text


def test_a_redacted_line_is_still_valid_json() -> None:
    """A secret ends at its quotes."""
    (line,) = written(LogSettings(format="json"), {"said": 'url "http://x?signature=SECRET" end', "n": 1})
    assert json.loads(line)["said"] == 'url "http://x?signature=***" end'
    assert json.loads(line)["n"] == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("X-Amz-Signature=abc&x=1", "X-Amz-Signature=***&x=1"),
        ("next=%2Fk%3Fsignature%3Dabc&x=1", "next=%2Fk%3Fsignature%3D***&x=1"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        (f"token {TOKEN}.", "token ***."),
        ("GET /1.mp4?verify=1484063787-9JQB%2B8vP HTTP", "GET /1.mp4?verify=*** HTTP"),
        (f"token play_{'0123456789abcdef' * 4}.", "token ***."),
        ("the button play_all", "the button play_all"),
        ("the bearer of news", "the bearer *** news"),
        ("signature checked", "signature checked"),
        ("nothing secret", "nothing secret"),
    ],
)
def test_signatures_and_tokens_are_redacted(line: str, expected: str) -> None:
    """A harmless word after `bearer` may be redacted too."""
    assert redact(line) == expected


TICKET = "tkt_0b7c2f5e6c0f4a529d5f2f6a8f6f1c11f2b7a4c09d8e4e6bb1a2c3d4e5f60718"


@pytest.mark.parametrize(
    "line",
    [
        f'127.0.0.1:5 - "WebSocket /api/ws?ticket={TICKET}" [accepted]',
        f"GET /api/events?last_event_id=3&ticket={TICKET}&until=terminal",
        f'{{"ticket":"{TICKET}","expires_in":60}}',
        f"ticket%3D{TICKET}",
        "/api/events?ticket=something-else",
    ],
)
def test_tickets_are_redacted(line: str) -> None:
    """In the lines of the server, which contain whole URLs, and wherever else one appears."""
    redacted = redact(line)
    assert TICKET not in redacted
    assert "something-else" not in redacted
    assert "***" in redacted


@pytest.mark.parametrize("prefix", ["tku_", "tks_"])
def test_every_kind_of_ticket_is_redacted(prefix: str) -> None:
    """Of a token that may only upload, and of a step of an upload, even without the name of the parameter."""
    ticket = TICKET.replace("tkt_", prefix)
    assert redact(f"POST /api/s3/0b7c/complete {ticket} 200") == "POST /api/s3/0b7c/complete *** 200"
