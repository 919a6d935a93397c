"""Idempotency keys in SQL."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.tables import idempotency_keys
from domain.model.access.idempotency import IdempotencyKey
from domain.model.errors import AlreadyExists
from domain.model.ids import UserId, VideoId
from domain.ports.idempotency_repository import IdempotencyRepository

# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_ADD = insert(idempotency_keys)
_FIND = select(idempotency_keys).where(
    idempotency_keys.c.owner == bindparam("owner"), idempotency_keys.c.key == bindparam("key")
)


class SqlIdempotencyRepository(IdempotencyRepository):
    """Idempotency keys, one row each."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, *keys: IdempotencyKey) -> None:
        # Always in the same order, so that two transactions that add the same keys do not deadlock.
        ordered = sorted(keys, key=lambda key: (key.owner, key.key))
        try:
            await self._connection.execute(_ADD, [_row(key) for key in ordered])
        except IntegrityError as error:
            raise AlreadyExists("This idempotency key is already in use.", code="idempotency_key_taken") from error

    async def find(self, owner: UserId, key: str) -> IdempotencyKey | None:
        row = (await self._connection.execute(_FIND, {"owner": owner, "key": key})).mappings().one_or_none()
        return None if row is None else IdempotencyKey(**row)

    async def delete_of_video(self, video_id: VideoId) -> None:
        await self._connection.execute(delete(idempotency_keys).where(idempotency_keys.c.video_id == video_id))

    async def count_before(self, moment: datetime) -> int:
        query = select(func.count()).where(idempotency_keys.c.created_at < moment)
        return (await self._connection.execute(query)).scalar_one()

    async def delete_before(self, moment: datetime) -> int:
        deleting = delete(idempotency_keys).where(idempotency_keys.c.created_at < moment)
        return (await self._connection.execute(deleting)).rowcount


def _row(key: IdempotencyKey) -> dict[str, object]:
    return {
        "owner": key.owner,
        "key": key.key,
        "fingerprint": key.fingerprint,
        "video_id": key.video_id,
        "created_at": key.created_at,
    }
