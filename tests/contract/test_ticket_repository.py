"""The contract of every ticket repository."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.access.ticket import Ticket, UploadAction, UploadPermission, ticket_digest
from domain.ports.database import Database
from tests.support.builders import NOW, OWNER, VIDEO_ID

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)


def a_ticket(name: str, *, expires_in: timedelta = HOUR, token_expires_in: timedelta | None = HOUR) -> Ticket:
    """A ticket of this name."""
    token_expires_at = None if token_expires_in is None else NOW + token_expires_in
    return Ticket(ticket_digest(name), OWNER, NOW + expires_in, token_expires_at)


async def _add(database: Database, *tickets: Ticket) -> None:
    async with database.write() as work:
        for ticket in tickets:
            await work.tickets.add(ticket)


async def _take(database: Database, name: str) -> Ticket | None:
    async with database.write() as work:
        return await work.tickets.take(ticket_digest(name))


async def test_a_ticket_is_taken_once(database: Database) -> None:
    """With all its fields; afterwards it does not exist, and neither does one that was never added."""
    one, other = a_ticket("one"), a_ticket("other", token_expires_in=None)
    await _add(database, one, other)
    assert [await _take(database, name) for name in ("one", "one", "other", "never")] == [one, None, other, None]


async def test_a_ticket_that_is_found_stays_valid(database: Database) -> None:
    """With the step of the upload that it permits; an unknown one is not found."""
    ticket = replace(a_ticket("one"), upload=UploadPermission(VIDEO_ID, UploadAction.COMPLETE))
    await _add(database, ticket)
    async with database.read() as work:
        found = [await work.tickets.find(ticket_digest(name)) for name in ("one", "one", "never")]
    assert found == [ticket, ticket, None]
    assert await _take(database, "one") == ticket


async def test_concurrent_callers_get_a_ticket_once(database: Database) -> None:
    """Whichever transactions they run in."""
    await _add(database, a_ticket("one"))
    taken = await asyncio.gather(*(_take(database, "one") for _ in range(8)))
    assert sum(ticket is not None for ticket in taken) == 1


async def test_expired_tickets_are_deleted(database: Database) -> None:
    """At most so many at once; others stay."""
    await _add(database, *(a_ticket(f"old {number}", expires_in=-HOUR) for number in range(3)), a_ticket("new"))

    async def delete(limit: int) -> int:
        async with database.write() as work:
            return await work.tickets.delete_expired(NOW, limit=limit)

    assert [await delete(2), await delete(2), await delete(2)] == [2, 1, 0]
    assert await _take(database, "new") is not None
