"""The contract of every idempotency repository."""

from datetime import timedelta

import pytest

from domain.model.access.idempotency import MAX_KEY_LENGTH, IdempotencyKey
from domain.model.errors import AlreadyExists
from domain.model.ids import UserId, VideoId
from domain.ports.database import Database
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_uuid, an_idempotency_key

pytestmark = pytest.mark.anyio

OTHER_OWNER = UserId("grace")
OTHER_VIDEO = VideoId(a_uuid(7))


async def _add(database: Database, *keys: IdempotencyKey) -> None:
    async with database.write() as work:
        await work.idempotency_keys.add(*keys)


async def _find(database: Database, key: IdempotencyKey) -> IdempotencyKey | None:
    async with database.read() as work:
        return await work.idempotency_keys.find(key.owner, key.key)


async def test_a_key_is_stored_unchanged(database: Database) -> None:
    """The longest key, too, and its time to the microsecond."""
    key = an_idempotency_key(key="~" * MAX_KEY_LENGTH, created_at=NOW.replace(microsecond=123_456))
    await _add(database, key)
    assert await _find(database, key) == key


async def test_an_unknown_key_is_none(database: Database) -> None:
    """Keys are compared exactly, and separately for each user."""
    await _add(database, an_idempotency_key(key="Again"))
    for key in (an_idempotency_key(key="again"), an_idempotency_key(owner=OTHER_OWNER, key="Again")):
        assert await _find(database, key) is None


async def test_a_key_is_taken_once(database: Database) -> None:
    """The first use stays; another user may use the same key."""
    first = an_idempotency_key()
    await _add(database, first)
    with pytest.raises(AlreadyExists) as failure:
        await _add(database, an_idempotency_key(fingerprint="e" * 64, video_id=OTHER_VIDEO))
    assert failure.value.code == "idempotency_key_taken"
    assert await _find(database, first) == first
    await _add(database, an_idempotency_key(owner=OTHER_OWNER))


async def test_several_keys_are_added_all_or_none(database: Database) -> None:
    """One key that is in use rejects the others."""
    await _add(database, an_idempotency_key())
    other = an_idempotency_key(key="another")
    with pytest.raises(AlreadyExists):
        await _add(database, other, an_idempotency_key())
    assert await _find(database, other) is None


async def test_several_at_once_must_differ(database: Database) -> None:
    """The same key twice in one call conflicts with itself."""
    with pytest.raises(AlreadyExists) as failure:
        await _add(database, an_idempotency_key(), an_idempotency_key(video_id=OTHER_VIDEO))
    assert failure.value.code == "idempotency_key_taken"


async def test_the_keys_of_a_video_can_be_used_again(database: Database) -> None:
    """The keys of other videos stay in use; repeating the call is allowed."""
    first, second = an_idempotency_key(key="first"), an_idempotency_key(key="second")
    other = an_idempotency_key(key="other", video_id=OTHER_VIDEO)
    await _add(database, first, second, other)
    for _ in range(2):
        async with database.write() as work:
            await work.idempotency_keys.delete_of_video(VIDEO_ID)
    assert [await _find(database, key) for key in (first, second, other)] == [None, None, other]
    await _add(database, first)
    assert await _find(database, first) == first


async def test_old_keys_are_counted_and_forgotten(database: Database) -> None:
    """A key created at exactly the given time is not before it."""
    just_before = [
        an_idempotency_key(key=f"old-{number}", created_at=NOW - timedelta(microseconds=1)) for number in range(3)
    ]
    at_cutoff = an_idempotency_key(created_at=NOW)
    await _add(database, *just_before, at_cutoff)
    async with database.read() as work:
        assert await work.idempotency_keys.count_before(NOW) == 3
    async with database.write() as work:
        assert await work.idempotency_keys.delete_before(NOW) == 3
        assert await work.idempotency_keys.delete_before(NOW) == 0
        assert await work.idempotency_keys.count_before(NOW) == 0
        assert await work.idempotency_keys.find(OWNER, at_cutoff.key) == at_cutoff
        assert await work.idempotency_keys.find(OWNER, just_before[0].key) is None
