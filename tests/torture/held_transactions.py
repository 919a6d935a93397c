"""Transactions with an event that stay open while others commit."""

import asyncio
import random
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncpg

from tests.torture.stage import SEED
from tests.torture.victim import Victim

_NUMBER = "UPDATE videos SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq"
_APPEND = """
INSERT INTO events (video_id, owner, seq, type, occurred_at, data)
SELECT video_id, owner, $2, 'captions.removed', clock_timestamp(), data FROM events WHERE video_id = $1 AND seq = 1
"""
_LAST = "SELECT last FROM event_positions"
_ROLLED_BACK = 0.25
_LOOK_EVERY_S = 0.1


@dataclass
class HeldTransactions:
    """Appends an event to the log of one video, again and again, each in a transaction that others overtake.

    A quarter of them is rolled back. `held` counts those that committed after events that were written later.
    """

    database_url: str
    video_id: str
    held: int = 0
    rolled_back: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Create the thread."""
        self._dice = random.Random(SEED)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        """Begin in a thread."""
        self._thread.start()

    def end(self) -> None:
        """Commit what is open."""
        self._is_over.set()
        self._thread.join()

    async def _run(self) -> None:
        holder, reader = await asyncpg.connect(self.database_url), await asyncpg.connect(self.database_url)
        while not self._is_over.is_set():
            transaction = holder.transaction()
            await transaction.start()
            await holder.execute(_APPEND, self.video_id, await holder.fetchval(_NUMBER, self.video_id))
            overtaken = await self._wait_for_others(reader)
            if self._dice.random() < _ROLLED_BACK:
                await transaction.rollback()
                self.rolled_back += 1
            else:
                await transaction.commit()
                self.held += overtaken
        await holder.close()
        await reader.close()

    async def _wait_for_others(self, reader: "asyncpg.Connection[asyncpg.Record]") -> bool:
        """Wait until others have committed a few events; False if the run ended before."""
        wanted = await reader.fetchval(_LAST) + self._dice.randint(3, 30)
        while await reader.fetchval(_LAST) < wanted:
            if self._is_over.is_set():
                return False
            await asyncio.sleep(_LOOK_EVERY_S)
        return True


@contextmanager
def holding(victim: Victim) -> Generator[HeldTransactions]:
    """Hold transactions open inside the block, on a video whose upload is cancelled before."""
    video_id = victim.client.grant(victim.clips.mute.path)["video_id"]
    victim.client.cancel(video_id)
    held = HeldTransactions(victim.deployment.api.environment["TELECINE_DATABASE_URL"], video_id)
    held.start()
    try:
        yield held
    finally:
        held.end()
