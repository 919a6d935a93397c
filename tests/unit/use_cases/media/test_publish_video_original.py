"""Keeping the original beside a rendition."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Unavailable
from domain.model.stage import StageName, StageState
from domain.model.videos.guards import require_playable
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import KeptReason, PublicationKind
from domain.model.videos.video import Video
from entrypoints.bootstrap.failpoints import with_failpoints
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.originals import OriginalSettings
from entrypoints.config.settings import Settings
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

CONTENT = fake_video_bytes(size_bytes=10_000)
KEEPING = Settings(originals=OriginalSettings(original="keep", original_keep_days=30))


class Crash(BaseException):
    """Simulates the death of the process; no code catches it."""


def crash() -> None:
    """Raise `Crash` in place of ending the process."""
    raise Crash


@pytest.fixture
async def keeping(tmp_path: Path) -> AsyncGenerator[World]:
    """An installation that keeps originals for 30 days."""
    async with open_world(tmp_path, settings=KEEPING) as opened:
        yield opened


def _require_whole(world: World, video: Video) -> None:
    """The bucket has the rendition, its pictures and the original, and nothing else."""
    published = require_playable(video)
    assert (video.status, published.main.kind) == (VideoStatus.COMPLETED, PublicationKind.ENCODED)
    assert published.original is not None
    assert world.objects.objects[published.original.key] == CONTENT
    assert world.keys == set(published.keys)
    assert len(world.keys) == 4


async def test_an_original_is_kept_on_request(world: World) -> None:
    """Under a key that no client can write; the uploaded object is erased."""
    video = await world.upload_and_process(CONTENT, original="keep", filename="clip.mov")
    _require_whole(world, video)
    kept = require_playable(video).original
    assert kept is not None
    assert (kept.content_type, kept.size_bytes, kept.reason, kept.keep_until) == (
        "video/quicktime",
        len(CONTENT),
        KeptReason.REQUESTED,
        None,
    )
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    _require_whole(world, await world.video(video.id))


async def test_the_days_are_counted_from_the_publication(world: World) -> None:
    """`keep_days` alone means `keep`."""
    video = await world.upload(CONTENT, keep_days=7)
    world.clock.advance(3600)
    await world.run_jobs()
    kept = require_playable(await world.video(video.id)).original
    assert kept is not None
    assert kept.keep_until == world.clock.now() + timedelta(days=7)


@pytest.mark.parametrize(
    ("original", "keep_days", "kept_days"),
    [(None, None, 30), ("keep", None, 30), ("keep", 5, 5), ("delete", None, None)],
)
async def test_the_default_of_the_installation_applies_to_what_is_left_open(
    keeping: World, original: str | None, keep_days: int | None, kept_days: int | None
) -> None:
    """An upload's own choice goes first."""
    video = await keeping.upload_and_process(CONTENT, original=original, keep_days=keep_days)
    kept = require_playable(video).original
    until = None if kept is None else kept.keep_until
    assert until == (None if kept_days is None else keeping.clock.now() + timedelta(days=kept_days))
    assert (kept is None) is (kept_days is None)


async def test_a_played_original_is_not_stored_twice(world: World) -> None:
    """It is already kept, and its days never end."""
    world.transcoder.fail("remux", Unavailable("No.", retryable=False))
    source = fake_video_bytes(pixel_format="yuv420p", duration_s=60.0, readable_s=30.0, frame_rate=60.0)
    video = await world.upload_and_process(source, original="keep", keep_days=1)
    published = require_playable(video)
    assert (published.main.kind, published.original) == (PublicationKind.ORIGINAL, None)
    assert published.kept_original is not None
    assert (published.kept_original.reason, published.kept_original.keep_until) == (KeptReason.PLAYED, None)


async def test_an_original_that_can_not_be_stored_is_tried_again(world: World) -> None:
    """The uploaded object stays until then, and nothing is published."""
    video = await world.upload(CONTENT, original="keep")
    upload = world.objects.upload
    refused: list[str] = []

    async def refuse_once(source: Path, key: str, **options: object) -> object:
        if "original" in key and not refused:
            refused.append(key)
            raise Unavailable("The bucket is away.")
        return await upload(source, key, **options)  # type: ignore[arg-type]

    world.objects.upload = refuse_once  # type: ignore[assignment, method-assign]
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert not (await world.video(video.id)).playable
    assert world.objects.objects[video.source.key] == CONTENT
    world.clock.advance(600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    _require_whole(world, await world.video(video.id))


@pytest.mark.parametrize(
    "crash_at",
    [
        "rendition_ready_not_uploaded",
        "uploaded_not_published",
        "publication_not_committed",
        "published_erase_not_sent",
        "published_original_not_deleted",
        "deleted_job_not_done",
    ],
)
async def test_a_crash_loses_neither_original_nor_rendition(world: World, crash_at: str) -> None:
    """At every step an original is in the bucket; at the end exactly the published objects are."""
    video = await world.upload(CONTENT, original="keep")
    adapters = with_failpoints(world.adapters, {"TELECINE_CRASH_AT": crash_at}, crash)
    doomed = wire(adapters, Settings())

    async def run_until_crash() -> None:
        while world.queue.sent:
            await doomed.run_job(world.queue.sent.pop(0).id)

    with pytest.raises((Crash, BaseExceptionGroup)):
        await run_until_crash()
    assert CONTENT in world.objects.objects.values()
    for _ in range(6):
        world.clock.advance(120)
        await world.application.sweep_jobs()
        await world.run_jobs()
    _require_whole(world, await world.video(video.id))


async def test_the_progress_is_that_of_both_objects(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rendition's end is not the stage's end."""
    upload, seen = world.objects.upload, list[float]()

    async def watched(source: Path, key: str, **options: object) -> object:
        stored = await upload(source, key, **options)  # type: ignore[arg-type]
        if "rendition" in key or "original" in key:
            await world.advance(2.0)
            seen.append((await world.video(video.id)).stage(StageName.PUBLISH).percent)
        return stored

    monkeypatch.setattr(world.objects, "upload", watched)
    video = await world.upload(CONTENT, original="keep")
    await world.run_jobs()
    done = await world.video(video.id)
    share = 100 * require_playable(done).main.size_bytes / require_playable(done).size_bytes
    assert seen[0] == pytest.approx(share, abs=0.1)
    assert seen[1] == 100
    assert done.stage(StageName.PUBLISH).state is StageState.DONE


async def test_a_deleted_video_takes_its_original_along(world: World) -> None:
    """Nothing of it stays in the bucket."""
    video = await world.upload_and_process(CONTENT, original="keep")
    await world.application.delete_video(ADA, video.id)
    await world.run_jobs()
    assert world.keys == set()


async def test_a_kept_original_counts_towards_the_quota(world: World) -> None:
    """Together with its rendition."""
    video = await world.upload_and_process(CONTENT, original="keep")
    published = require_playable(video)
    async with world.database.write() as work:
        usage = (await work.usage.lock(ADA))[ADA]
    assert usage.stored_bytes == published.main.size_bytes + len(CONTENT) == published.size_bytes


async def test_a_kept_original_is_no_orphan(world: World) -> None:
    """The clean-up leaves it alone."""
    video = await world.upload_and_process(CONTENT, original="keep")
    world.clock.advance(40 * 24 * 3600)
    report = await world.application.clean_up.run_all()
    assert report.orphans.keys == ()
    _require_whole(world, replace(await world.video(video.id), status=VideoStatus.COMPLETED))
