"""What the doctor looks at, and what it says of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from domain.model.errors import TelecineError

LIMIT_S = 10.0

_NAME_COLUMN = 24
_LEVEL_COLUMN = 8


class Level(StrEnum):
    """How bad it is: a warning lets Telecine work, a failure does not."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check saw; whatever is not ok says what to do."""

    level: Level
    seen: str
    remedy: str = ""


def ok(seen: str) -> Verdict:
    """As it should be."""
    return Verdict(Level.OK, seen)


def warning(seen: str, remedy: str) -> Verdict:
    """Telecine works, but something is missing or will go wrong one day."""
    return Verdict(Level.WARNING, seen, remedy)


def failed(seen: str, remedy: str) -> Verdict:
    """Telecine can't work like this."""
    return Verdict(Level.FAILED, seen, remedy)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at; `remedy` is what to do when there is no answer, or an error in place of one."""

    name: str
    look: Callable[[], Awaitable[Verdict]]
    remedy: str
    limit_s: float = LIMIT_S


def in_thread(look: Callable[[], Verdict]) -> Callable[[], Awaitable[Verdict]]:
    """Look where blocking is fine, so that even a dead disk is told within the limit."""
    return lambda: asyncio.to_thread(look)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    name: str
    verdict: Verdict

    @property
    def text(self) -> str:
        """The line, and below it what to do."""
        verdict = self.verdict
        line = f"{verdict.level:<{_LEVEL_COLUMN}}{self.name:<{_NAME_COLUMN}}{verdict.seen}"
        return f"{line}\n{'':<{_LEVEL_COLUMN}}→ {verdict.remedy}" if verdict.remedy else line

    @property
    def fields(self) -> dict[str, str]:
        """The same for programs."""
        return {
            "level": self.verdict.level.value.lower(),
            "name": self.name,
            "seen": self.verdict.seen,
            "remedy": self.verdict.remedy,
        }


async def find(check: Check) -> Finding:
    """Carry the check out; no way in which it ends keeps the others from their turn."""
    try:
        async with asyncio.timeout(check.limit_s):
            verdict = await check.look()
    except TimeoutError:
        verdict = failed(f"no answer within {check.limit_s:g} s", check.remedy)
    except TelecineError as error:
        verdict = failed(f"{error.detail} ({error.code})", check.remedy)
    except Exception as error:  # noqa: BLE001 (whatever it is, the other checks are still wanted)
        # Only the kind is told: the text of an error we don't know may hold a secret.
        verdict = failed(f"an unexpected {type(error).__name__}", check.remedy)
    return Finding(check.name, verdict)
