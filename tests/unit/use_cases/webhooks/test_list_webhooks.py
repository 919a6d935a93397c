"""Listing webhooks."""

import pytest

from domain.model.errors import Rejected
from domain.model.ids import UserId
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import hook

pytestmark = pytest.mark.anyio


async def test_endpoints_are_listed_by_page(world: World) -> None:
    """Newest first, those of the owner only."""
    created = [await hook(world) for _ in range(3)]
    await hook(world, owner=UserId("grace"))
    first = await world.application.webhooks.list(ADA, limit=2)
    assert first.next_cursor is not None
    second = await world.application.webhooks.list(ADA, limit=2, cursor=first.next_cursor.encoded())
    assert [*first.entries, *second.entries] == created[::-1]
    assert second.next_cursor is None


@pytest.mark.parametrize(("limit", "cursor"), [(0, None), (101, None), (1, "nonsense")])
async def test_a_wrong_page_is_rejected(world: World, limit: int, cursor: str | None) -> None:
    """By the rules of every list."""
    with pytest.raises(Rejected):
        await world.application.webhooks.list(ADA, limit=limit, cursor=cursor)
