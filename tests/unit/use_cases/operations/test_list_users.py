"""The list of users with what they store."""

from pathlib import Path

import pytest

from domain.model.errors import Rejected
from tests.support.world import UserId, open_world

pytestmark = pytest.mark.anyio


async def test_users_are_listed_in_pages(tmp_path: Path) -> None:
    """Most bytes first."""
    async with open_world(tmp_path) as world:
        for name, size_bytes in (("ada", 10), ("grace", 30), ("eve", 20)):
            await world.request_upload(b"x" * size_bytes, owner=UserId(name))
        list_users = world.application.operations.list_users
        first = await list_users(limit=2)
        assert [(user.user_id, user.stored_bytes, user.uploading) for user in first.users] == [
            ("grace", 30, 1),
            ("eve", 20, 1),
        ]
        assert first.next_cursor is not None
        rest = await list_users(limit=2, cursor=first.next_cursor.encoded())
        assert [user.user_id for user in rest.users] == ["ada"]
        assert rest.next_cursor is None


@pytest.mark.parametrize(("limit", "cursor"), [(0, None), (101, None), (5, "nonsense")])
async def test_a_wrong_page_is_refused(tmp_path: Path, limit: int, cursor: str | None) -> None:
    """As in every list."""
    async with open_world(tmp_path) as world:
        with pytest.raises(Rejected):
            await world.application.operations.list_users(limit=limit, cursor=cursor)
