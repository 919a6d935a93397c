"""Checks of the doctor, and how their findings are reported."""

import asyncio
from collections.abc import Callable

import pytest

from domain.model.errors import Unavailable
from entrypoints.doctor.report import Check, Finding, Verdict, failed, in_thread, ok, run_check, warning

pytestmark = pytest.mark.anyio

SECRET = "canary-0123456789-0123456789-0123456789"


async def check_returning(verdict: Verdict) -> Verdict:
    """A check that returns this verdict."""
    return verdict


async def test_a_check_that_is_ok_is_one_line() -> None:
    """Level, name and observation."""
    found = await run_check(Check("disk", lambda: check_returning(ok("room enough")), "never shown"))
    assert found.text.split(maxsplit=2) == ["ok", "disk", "room enough"]
    assert "\n" not in found.text


@pytest.mark.parametrize(("make", "level"), [(warning, "warning"), (failed, "FAILED")])
async def test_a_problem_says_what_to_do(make: Callable[[str, str], Verdict], level: str) -> None:
    """On a second, indented line."""
    found = await run_check(Check("disk", lambda: check_returning(make("full", "Make room.")), "never shown"))
    first, second = found.text.splitlines()
    assert first.split() == [level, "disk", "full"]
    assert second.strip() == "→ Make room."
    assert second.startswith("  ")


async def test_a_known_error_is_reported_with_its_code() -> None:
    """And with the remedy of the check."""

    async def look() -> Verdict:
        raise Unavailable("The database refused the password.", code="database_unavailable")

    found = await run_check(Check("database", look, "Correct the URL."))
    assert found.verdict == failed("The database refused the password. (database_unavailable)", "Correct the URL.")


async def test_an_unknown_error_is_reported_by_its_type_only() -> None:
    """Its text may contain a secret."""

    async def look() -> Verdict:
        raise RuntimeError(SECRET)

    assert (await run_check(Check("x", look, "Ask."))).verdict == failed("an unexpected RuntimeError", "Ask.")


async def test_a_check_without_an_answer_ends_at_its_limit() -> None:
    """The check is cancelled, and the report continues."""
    ended = asyncio.Event()

    async def look() -> Verdict:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return ok("never")

    found = await run_check(Check("x", look, "Wait.", limit_s=0.01))
    assert found.verdict == failed("no response within 0.01 s", "Wait.")
    assert ended.is_set()


async def test_a_blocking_look_leaves_the_event_loop_alone() -> None:
    """It runs in a thread."""
    found = await run_check(Check("x", in_thread(lambda: ok("seen")), ""))
    assert found == Finding("x", ok("seen"))
