"""Crash points: each is passed in a video's life, at the step that its name says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.failpoints.catalogue import CRASH_POINTS, SELF_KILLING_EXTENSION
from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Rejected, Unavailable
from domain.model.imports.youtube import ImportRequest
from domain.model.jobs.payloads import JobKind
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.video import Video
from domain.model.webhooks.endpoint import EndpointDeclaration
from entrypoints.bootstrap.failpoints import bus_with_failpoint, with_failpoints
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.imports import ImportSettings
from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError
from tests.support.uploading import chunks_of, put, request_upload, upload_in_parts
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio


class Crash(BaseException):
    """Simulates the death of the process; no code catches it."""


def crash() -> None:
    """Raise `Crash` in place of ending the process."""
    raise Crash


def armed(world: World, crash_at: str, crash: Callable[[], None]) -> World:
    """The same world with this crash point."""
    environment = {"TELECINE_CRASH_AT": crash_at}
    world.database._bus = bus_with_failpoint(world.bus, environment, crash)
    adapters = with_failpoints(world.adapters, environment, crash)
    return replace(
        world, adapters=adapters, application=wire(adapters, Settings(imports=ImportSettings(youtube_import=True)))
    )


async def live(world: World) -> None:
    """Everything that may happen to videos: completed, failed and retried, abandoned, lost, buried, deleted.

    A webhook receives the events.
    """
    await world.application.webhooks.create(ADA, EndpointDeclaration("https://receiver.example/"))
    await end_uploads(world)
    await fail_and_retry(world)
    world.transcriber.fail(Unavailable("Not now."), times=1)
    video = await world.upload(filename=f"clip{SELF_KILLING_EXTENSION}")
    await abandon(world, video)
    await world.application.sweep_jobs()
    await world.run_jobs()
    await world.advance(10.0)
    await world.application.sweep_jobs()
    await world.run_jobs()
    await world.application.delete_video(ADA, video.id)
    await world.application.webhooks.fan_out()
    await world.run_jobs()


async def end_uploads(world: World) -> None:
    """One expires, one fails, one is cancelled, one completed in parts, one imported, and one proxied."""
    uploads = world.application.uploads
    await world.request_upload(fake_video_bytes())
    await world.advance(25 * 3600.0)
    await world.application.clean_up.expire_uploads()
    await uploads.report_failure(ADA, (await world.request_upload(fake_video_bytes())).id)
    await uploads.cancel(ADA, (await request_upload(world)).signed.video.id)
    await uploads.complete(ADA, (await upload_in_parts(world, fake_video_bytes())).id)
    await world.run_jobs()
    await send_growing(world)
    await world.application.request_import(ADA, ImportRequest("dQw4w9WgXcQ"))
    await world.run_jobs()
    await uploads.receive(ADA, UploadDeclaration("clip.mp4", 10**6, ""), chunks_of(fake_video_bytes()))
    await world.run_jobs()


async def send_growing(world: World) -> None:
    """A file of unknown size is sent in one part; then its owner chooses a poster."""
    uploads, content = world.application.uploads, fake_video_bytes()
    declared = UploadDeclaration("clip.mp4", None, "", UploadStrategy.MULTIPART)
    video = (await uploads.request(ADA, declared)).signed.video
    (part,) = (await uploads.sign_parts(ADA, video.id, [1], last_part_bytes=len(content))).parts
    await put(world, part.presigned, content)
    await uploads.complete(ADA, video.id)
    await world.run_jobs()
    await world.application.request_poster(ADA, video.id, 3.0)
    await world.run_jobs()


async def fail_and_retry(world: World) -> None:
    """A transcription fails permanently, is retried, and is then regenerated."""
    world.transcriber.fail(Rejected("No."), times=1)
    failed = await world.upload_and_process()
    await world.application.retry_video(ADA, failed.id)
    await world.run_jobs()
    await world.application.transcripts.regenerate(ADA, failed.id, None)
    await world.run_jobs()


async def abandon(world: World, video: Video) -> None:
    """A worker claims the job and never renews its lease."""
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    async with world.database.write() as work:
        await work.jobs.claim(job.id, lease_s=1.0)
    await world.advance(2.0)


@pytest.mark.parametrize("name", CRASH_POINTS)
async def test_every_crash_point_is_passed(tmp_path: Path, name: str) -> None:
    """A crash point that is never passed would prove nothing."""
    passed: list[str] = []
    async with open_world(tmp_path) as world:
        await live(armed(world, name, lambda: passed.append(name)))
    assert passed == [name]


async def test_the_second_pass_can_be_chosen(tmp_path: Path) -> None:
    """`name:2` does not crash at the first pass."""
    async with open_world(tmp_path) as world:
        second = armed(world, "presign_row_committed:2", crash)
        await second.request_upload(fake_video_bytes())
        with pytest.raises(Crash):
            await second.request_upload(fake_video_bytes())


@pytest.mark.parametrize(("name", "rows"), [("presign_row_not_committed", 0), ("presign_row_committed", 1)])
async def test_a_commit_separates_two_crash_points(tmp_path: Path, name: str, rows: int) -> None:
    """Before the commit no row exists, after it the row does."""
    async with open_world(tmp_path) as world:
        with pytest.raises(Crash):
            await armed(world, name, crash).request_upload(fake_video_bytes())
        async with world.database.read() as work:
            assert len(await work.videos.page(ADA, limit=10)) == rows


@pytest.mark.parametrize(("name", "messages"), [("complete_committed_not_sent", 0), ("sent_not_marked", 1)])
async def test_a_message_separates_two_crash_points(tmp_path: Path, name: str, messages: int) -> None:
    """The job is committed but not marked as sent; its message was sent or was not."""
    async with open_world(tmp_path) as world:
        with pytest.raises(Crash):
            await armed(world, name, crash).upload()
        assert len(world.queue.sent) == messages
        async with world.database.read() as work:
            (listed,) = await work.videos.page(ADA, limit=10)
        (job,) = await world.jobs(listed.video.id, JobKind.PROCESS)
        assert job.sent_at is None


async def test_a_process_may_die_between_a_commit_and_its_hint(tmp_path: Path) -> None:
    """The events are in the log, and no message says so."""
    async with open_world(tmp_path) as world:
        with pytest.raises(Crash):
            await armed(world, "events_committed_hint_not_published", crash).upload()
        assert world.bus.published == []
        async with world.database.read() as work:
            assert await work.events.has_unsettled()


async def test_only_the_self_killing_source_kills(tmp_path: Path) -> None:
    """The crash point for a source that kills its worker ignores other sources."""
    passed: list[str] = []
    async with open_world(tmp_path) as world:
        await armed(world, "self_killing_source", lambda: passed.append("")).upload_and_process()
    assert not passed


async def test_nothing_is_watched_by_default(tmp_path: Path) -> None:
    """Without the variable the adapters are returned unchanged."""
    async with open_world(tmp_path) as world:
        assert with_failpoints(world.adapters, {}) is world.adapters


async def test_without_a_transcriber_there_is_nothing_to_watch(tmp_path: Path) -> None:
    """Its crash points are never passed."""
    async with open_world(tmp_path, has_transcriber=False) as world:
        environment = {"TELECINE_CRASH_AT": "chunk_cut_not_heard"}
        assert with_failpoints(world.adapters, environment) is world.adapters


@pytest.mark.parametrize("environment", ["nowhere", "claimed:soon", "claimed:", "claimed:0"])
async def test_an_unknown_crash_point_is_refused(tmp_path: Path, environment: str) -> None:
    """The error names every crash point."""
    async with open_world(tmp_path) as world:
        with pytest.raises(SettingsError, match=r"TELECINE_CRASH_AT: .*claimed, .*uploaded_not_published"):
            with_failpoints(world.adapters, {"TELECINE_CRASH_AT": environment})


async def test_unwatched_methods_still_work(tmp_path: Path) -> None:
    """Methods that are not watched are the adapter's own, including those that are not coroutines."""
    async with open_world(tmp_path) as world:
        other = armed(world, "complete_after_head", crash)
        grant = await other.application.uploads.request(ADA, UploadDeclaration("clip.mp4", 5, ""))
        assert grant.signed.presigned is not None
        assert grant.signed.presigned.url
