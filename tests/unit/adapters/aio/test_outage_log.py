import logging
from collections.abc import Generator
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from adapters.aio.outage_log import OutageLog

Lines = list[Any]


@pytest.fixture
def lines() -> Generator[Lines]:
    """What is logged during the test."""
    with capture_logs() as captured:
        yield captured


def an_outage(*, ended: str | None = "back", level: int = logging.ERROR) -> OutageLog:
    """An outage that has not begun."""
    return OutageLog(structlog.get_logger("test"), began_event="away", ended_event=ended, level=level, purpose="x")


def test_an_outage_is_logged_once_at_its_beginning_and_once_at_its_end(lines: Lines) -> None:
    """The number of failed calls does not matter; the next outage is logged again."""
    outage = an_outage()
    for _ in range(2):
        outage.succeeded()
        outage.failed(error="no route")
        outage.failed(error="another")
        outage.succeeded()
        outage.succeeded()
    began = {"event": "away", "log_level": "error", "purpose": "x", "error": "no route"}
    ended = {"event": "back", "log_level": "warning", "purpose": "x"}
    assert lines == [began, ended, began, ended]


def test_a_new_cause_is_logged_again(lines: Lines) -> None:
    """The operator has something else to correct."""
    outage = an_outage(level=logging.WARNING)
    for cause in ("full", "full", "denied"):
        outage.failed(cause=cause, code=cause)
    assert [(line["log_level"], line["code"]) for line in lines] == [("warning", "full"), ("warning", "denied")]


def test_an_end_without_an_event_is_not_logged(lines: Lines) -> None:
    """The next failure is logged again."""
    outage = an_outage(ended=None)
    outage.failed()
    outage.succeeded()
    outage.failed()
    assert [line["event"] for line in lines] == ["away", "away"]


def test_an_outage_is_on_from_a_failure_to_a_success(lines: Lines) -> None:
    """This does not depend on what is logged."""
    outage = an_outage()
    states = [outage.is_on]
    for report in (outage.failed, outage.failed, outage.succeeded):
        report()
        states.append(outage.is_on)
    assert states == [False, True, True, False]
