"""Erasing originals whose days are over."""

import pytest

from domain.model.errors import NotFound
from domain.model.videos.guards import require_playable
from domain.use_cases.videos.every_page import PAGE_SIZE
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600


async def test_an_original_is_erased_when_its_days_are_over(world: World) -> None:
    """Not before; the rendition stays, and the quota gets its bytes back."""
    video = await world.upload_and_process(keep_days=3)
    kept = require_playable(video).original
    assert kept is not None
    world.clock.advance(3 * DAY_S - 1)
    assert (await world.application.clean_up.run_all()).expired_originals == []
    world.clock.advance(1)
    preview = await world.application.clean_up.preview()
    report = await world.application.clean_up.run_all()
    assert (
        [each.id for each in preview.expired_originals] == [each.id for each in report.expired_originals] == [video.id]
    )
    await world.run_jobs()
    done = require_playable(await world.video(video.id))
    assert (done.original, world.keys) == (None, set(done.keys))
    assert kept.key not in world.keys
    with pytest.raises(NotFound):
        await world.application.get_original(ADA, video.id)
    async with world.database.write() as work:
        assert (await work.usage.lock(ADA))[ADA].stored_bytes == done.main.size_bytes


async def test_the_periodic_clean_up_erases_it_too(world: World) -> None:
    """Workers run it without an operator."""
    video = await world.upload_and_process(keep_days=1)
    world.clock.advance(2 * DAY_S)
    report = await world.application.clean_up.run_due()
    assert [each.id for each in report.expired_originals] == [video.id]


async def test_an_original_without_days_stays(world: World) -> None:
    """Until its video is deleted."""
    video = await world.upload_and_process(original="keep")
    world.clock.advance(36_500 * DAY_S)
    assert await world.application.clean_up.expire_originals() == []
    assert require_playable(await world.video(video.id)).original is not None


async def test_more_than_a_batch_is_erased(world: World) -> None:
    """One run takes all of them."""
    for _ in range(PAGE_SIZE + 1):
        await world.upload(keep_days=1)
    await world.run_jobs()
    world.clock.advance(2 * DAY_S)
    assert len(await world.application.clean_up.expire_originals()) == PAGE_SIZE + 1
    assert await world.application.clean_up.expire_originals() == []


async def test_two_clean_ups_at_once_erase_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the original forgotten, or its video deleted."""
    first = await world.upload_and_process(keep_days=1)
    second = await world.upload_and_process(keep_days=1)
    world.clock.advance(2 * DAY_S)
    expiring = world.application.clean_up.expire_originals
    overdue = await expiring.overdue()
    assert {each.id for each in overdue} == {first.id, second.id}
    assert len(await expiring()) == 2
    await world.application.delete_video(ADA, second.id)

    async def outdated(_self: object) -> list[object]:
        return list(overdue)

    monkeypatch.setattr(type(expiring), "overdue", outdated)
    assert await expiring() == []
