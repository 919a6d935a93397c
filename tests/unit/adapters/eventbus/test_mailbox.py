"""The unread messages of a subscriber."""

import asyncio

import pytest

from adapters.eventbus.mailbox import Mailbox
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import BusMessage, EventsWritten, StageProgress

pytestmark = pytest.mark.anyio


def _progress(percent: float) -> StageProgress:
    return StageProgress(VideoId("a-video"), UserId("ada"), StageName.COMPRESS, percent, 1)


async def _take(mailbox: Mailbox, count: int) -> list[BusMessage]:
    return [await anext(mailbox) for _ in range(count)]


async def test_hints_in_a_row_are_one() -> None:
    """The log is read once for all of them."""
    mailbox = Mailbox()
    for message in (EventsWritten(), EventsWritten(), _progress(1), EventsWritten(), EventsWritten()):
        mailbox.put(message)
    assert await _take(mailbox, 3) == [EventsWritten(), _progress(1), EventsWritten()]


async def test_a_full_mailbox_becomes_one_hint() -> None:
    """A subscriber that does not read costs bounded memory, and misses only percentages."""
    mailbox = Mailbox(capacity=3)
    for percent in range(4):
        mailbox.put(_progress(percent))
    mailbox.put(_progress(9))
    assert await _take(mailbox, 2) == [EventsWritten(), _progress(9)]


async def test_a_reader_waits_for_the_next_message() -> None:
    """It gets a message that is put while it waits."""
    mailbox = Mailbox()
    waiting = asyncio.ensure_future(anext(mailbox))
    await asyncio.sleep(0)
    mailbox.put(EventsWritten())
    assert await waiting == EventsWritten()
