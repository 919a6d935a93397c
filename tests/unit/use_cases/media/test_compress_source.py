"""Compressing the source of a video."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.fakes.transcoder import FakeVideoProperties, fake_video_bytes
from domain.model.errors import CompressionFailed
from domain.model.failure import WarningCode
from domain.model.media.media_info import MediaInfo
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import KeptReason, PublicationKind
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobResult
from tests.support.builders import MediaFields
from tests.support.world import World, until

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("The encoder gave up.")


async def test_failed_compression_keeps_the_original(world: World) -> None:
    """The original is published with a warning, and is transcribed all the same."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.upload_and_process()
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.keys == set(video.publication.keys)
    assert world.objects.objects[video.publication.main.key] == fake_video_bytes()
    assert [warning.code for warning in video.warnings] == [WarningCode.COMPRESSION_FAILED]
    assert video.stage(StageName.COMPRESS).state is StageState.FAILED
    assert video.stage(StageName.TRANSCRIBE).state is StageState.DONE
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set(video.publication.keys)


async def test_a_good_small_source_is_remuxed(world: World) -> None:
    """It needs no encoder run, and has no warning."""
    video = await world.upload_and_process(fake_video_bytes(pixel_format="yuv420p", container="matroska"))
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.REMUXED
    assert (video.publication.main.content_type, video.warnings) == ("video/mp4", ())
    assert video.stage(StageName.COMPRESS).state is StageState.DONE
    assert "compress" not in world.transcoder.calls
    assert world.keys == set(video.publication.keys)


async def test_a_source_that_would_grow_is_published_as_it_is(world: World) -> None:
    """It cannot be remuxed either; it has poster and storyboard, and a warning with the reason."""
    world.transcoder.fail("remux", FAILURE)
    content = fake_video_bytes(size_bytes=0, pixel_format="yuv420p")
    video = await world.upload_and_process(content)
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.objects.objects[video.publication.main.key] == content
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    assert video.stage(StageName.COMPRESS).state is StageState.SKIPPED
    assert [warning.code for warning in video.warnings] == [WarningCode.ALREADY_SMALL]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"duration_s": 60.0, "readable_s": 30.0, "pixel_format": "yuv420p"}, WarningCode.SOURCE_TRUNCATED),
        # A remux would pass the errors on, but the frame rate is too high for one.
        ({"decode_errors": 5, "frame_rate": 60.0, "pixel_format": "yuv420p"}, WarningCode.SOURCE_DAMAGED),
        ({"unused_bytes": 1000, "pixel_format": "yuv420p"}, WarningCode.SOURCE_PARTLY_USED),
    ],
)
async def test_a_partly_unreadable_source_keeps_its_original(
    world: World, properties: FakeVideoProperties, code: WarningCode
) -> None:
    """The encoder succeeds; the rendition's duration or the decode errors show the damage. It has its pictures."""
    video = await world.upload_and_process(fake_video_bytes(**properties))
    assert video.status is VideoStatus.COMPLETED
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert world.keys == set(video.publication.keys)
    assert len(world.keys) == 3
    assert [warning.code for warning in video.warnings] == [code]


async def test_a_partly_unreadable_source_that_does_not_play_is_kept_beside_its_rendition(world: World) -> None:
    """What could be read can be played; the original stays until the video is deleted, whatever its client chose."""
    content = fake_video_bytes(container="mpegts", duration_s=60.0, readable_s=30.0)
    video = await world.upload_and_process(content, filename="tv.ts", original="delete")
    assert (video.status, video.stage(StageName.COMPRESS).state) == (VideoStatus.COMPLETED, StageState.DONE)
    assert video.publication is not None
    original = video.publication.original
    assert original is not None
    assert (video.publication.main.kind, original.reason, original.keep_until) == (
        PublicationKind.ENCODED,
        KeptReason.UNPROVEN,
        None,
    )
    assert world.objects.objects[original.key] == content
    (warning,) = video.warnings
    assert warning.code is WarningCode.SOURCE_TRUNCATED
    assert "kept beside it" in warning.message
    assert "30.00 s of 60.00 s" in warning.message
    assert world.keys == set(video.publication.keys)


async def test_an_original_that_does_not_play_and_has_no_rendition_is_published(world: World) -> None:
    """There is nothing else; the warning says that it may not play."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.upload_and_process(fake_video_bytes(container="avi", video_codec="mpeg4"), filename="old.avi")
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert "most browsers can't play" in video.warnings[0].message


async def test_a_lost_sound_keeps_the_original(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The video plays silent."""
    probe = world.transcoder.probe

    async def without_sound(path: Path, *, is_rendition: bool = False) -> MediaInfo:
        return replace(await probe(path), lost_sound=None if is_rendition else "atrac3")

    monkeypatch.setattr(world.transcoder, "probe", without_sound)
    video = await world.upload_and_process(fake_video_bytes(audio_codec=None))
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ENCODED
    assert video.publication.original is not None
    assert [(warning.code, "atrac3" in warning.message) for warning in video.warnings] == [
        (WarningCode.AUDIO_UNDECODABLE, True)
    ]


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ({"lost_sound": "atrac3"}, WarningCode.AUDIO_UNDECODABLE, "another audio track"),
        ({"unused_sounds": (3, 4)}, WarningCode.SOURCE_PARTLY_USED, "streams 3, 4"),
    ],
)
async def test_a_sound_that_is_not_heard_keeps_the_original(
    world: World, monkeypatch: pytest.MonkeyPatch, source: MediaFields, code: WarningCode, words: str
) -> None:
    """The rendition has sound, but not all that is meant to be heard."""
    probe = world.transcoder.probe

    async def with_other_sound(path: Path, *, is_rendition: bool = False) -> MediaInfo:
        media = await probe(path)
        return media if is_rendition else replace(media, **source)

    monkeypatch.setattr(world.transcoder, "probe", with_other_sound)
    video = await world.upload_and_process()
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ENCODED
    assert video.publication.original is not None
    assert [(warning.code, words in warning.message) for warning in video.warnings] == [(code, True)]


@pytest.mark.parametrize(("container", "codec"), [("mov", "vp9"), ("avi", "mpeg4")])
async def test_an_original_without_a_rendition_has_one_warning(
    world: World, monkeypatch: pytest.MonkeyPatch, container: str, codec: str
) -> None:
    """Also if its sound is lost: no rendition is silent."""
    probe = world.transcoder.probe

    async def without_sound(path: Path, **_options: bool) -> MediaInfo:
        return replace(await probe(path), lost_sound="atrac3")

    monkeypatch.setattr(world.transcoder, "probe", without_sound)
    world.transcoder.fail("compress", FAILURE)
    content = fake_video_bytes(container=container, video_codec=codec, audio_codec=None)
    video = await world.upload_and_process(content)
    (warning,) = video.warnings
    assert warning.code is WarningCode.COMPRESSION_FAILED
    assert ("browsers can't play" in warning.message) == (container == "avi")


async def test_sound_alone_is_not_said_to_be_unplayable(world: World) -> None:
    """Browsers play most kinds of audio files."""
    world.transcoder.fail("compress", FAILURE)
    content = fake_video_bytes(container="mp3", video_codec=None, audio_codec="mp3")
    video = await world.upload_and_process(content, filename="song.mp3")
    assert video.publication is not None
    assert video.publication.main.kind is PublicationKind.ORIGINAL
    assert [warning.message for warning in video.warnings] == [
        f"The original is kept and published unchanged. {FAILURE.detail}"
    ]


async def test_compression_reports_its_speed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of a 10-second video in one second is a speed of 1."""

    async def compress(*_: object, on_progress: OnProgress, **__: object) -> None:
        on_progress(10.0)
        await world.clock.sleep(1.5)
        on_progress(20.0)
        await asyncio.Event().wait()

    monkeypatch.setattr(world.transcoder, "compress", compress)
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(lambda: world.clock.sleepers >= 3)
    for seconds in (1.0, 0.5, 0.5):
        await world.advance(seconds)
    stage = (await world.video(video.id)).stage(StageName.COMPRESS)
    assert (stage.percent, stage.speed, stage.eta_s) == (20.0, 1.0, 8.0)
    await world.application.run_job.drain()
    assert (await running).result is JobResult.RELEASED
