"""Checks, their verdicts, and the lines of the report."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from domain.model.errors import TelecineError

LIMIT_S = 10.0

_NAME_COLUMN = 24
_LEVEL_COLUMN = 8


class Level(StrEnum):
    """The severity of a finding: Telecine works despite a warning, but not with a failure."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one check; unless it is `ok`, `remedy` says what to do."""

    level: Level
    observation: str
    remedy: str = ""


def ok(observation: str) -> Verdict:
    """A passed check."""
    return Verdict(Level.OK, observation)


def warning(observation: str, remedy: str) -> Verdict:
    """A problem that disables a feature or may cause a failure later; Telecine works despite it."""
    return Verdict(Level.WARNING, observation, remedy)


def failed(observation: str, remedy: str) -> Verdict:
    """A problem that prevents Telecine from working."""
    return Verdict(Level.FAILED, observation, remedy)


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `remedy` says what to do if it raises an error or does not end within `limit_s`."""

    name: str
    run: Callable[[], Awaitable[Verdict]]
    remedy: str
    limit_s: float = LIMIT_S


def in_thread(check: Callable[[], Verdict]) -> Callable[[], Awaitable[Verdict]]:
    """Run a blocking check in a thread, so that the time limit holds even for a disk that does not respond."""
    return lambda: asyncio.to_thread(check)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    verdict: Verdict

    @property
    def text(self) -> str:
        """The line of the report, with the remedy below it."""
        verdict = self.verdict
        line = f"{verdict.level:<{_LEVEL_COLUMN}}{self.name:<{_NAME_COLUMN}}{verdict.observation}"
        return f"{line}\n{'':<{_LEVEL_COLUMN}}→ {verdict.remedy}" if verdict.remedy else line

    @property
    def fields(self) -> dict[str, str]:
        """The finding for programs, as JSON fields."""
        return {
            "level": self.verdict.level.value.lower(),
            "name": self.name,
            "seen": self.verdict.observation,
            "remedy": self.verdict.remedy,
        }


async def run_check(check: Check) -> Finding:
    """Run the check; every error becomes a failed finding, so that the other checks still run."""
    try:
        async with asyncio.timeout(check.limit_s):
            verdict = await check.run()
    except TimeoutError:
        verdict = failed(f"no response within {check.limit_s:g} s", check.remedy)
    except TelecineError as error:
        verdict = failed(f"{error.detail} ({error.code})", check.remedy)
    except Exception as error:  # noqa: BLE001 (the other checks must run after any error)
        # Only the error's type is shown, because the text of an unknown error may contain a secret.
        verdict = failed(f"an unexpected {type(error).__name__}", check.remedy)
    return Finding(check.name, verdict)
