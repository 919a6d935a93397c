"""Idempotency keys in memory."""

from datetime import datetime

from adapters.fakes.tables import Tables
from domain.model.access.idempotency import IdempotencyKey
from domain.model.errors import AlreadyExists
from domain.model.ids import UserId, VideoId
from domain.ports.idempotency_repository import IdempotencyRepository


class InMemoryIdempotencyRepository(IdempotencyRepository):
    """Keys in a dictionary."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add(self, *keys: IdempotencyKey) -> None:
        for key in keys:
            if (key.owner, key.key) in self._tables.idempotency_keys:
                raise AlreadyExists("This idempotency key is already in use.", code="idempotency_key_taken")
            self._tables.idempotency_keys[key.owner, key.key] = key

    async def find(self, owner: UserId, key: str) -> IdempotencyKey | None:
        return self._tables.idempotency_keys.get((owner, key))

    async def delete_of_video(self, video_id: VideoId) -> None:
        self._delete([key for key in self._tables.idempotency_keys.values() if key.video_id == video_id])

    async def count_before(self, moment: datetime) -> int:
        return len(self._created_before(moment))

    async def delete_before(self, moment: datetime) -> int:
        deleted = self._created_before(moment)
        self._delete(deleted)
        return len(deleted)

    def _created_before(self, moment: datetime) -> list[IdempotencyKey]:
        return [key for key in self._tables.idempotency_keys.values() if key.created_at < moment]

    def _delete(self, keys: list[IdempotencyKey]) -> None:
        for key in keys:
            del self._tables.idempotency_keys[key.owner, key.key]
