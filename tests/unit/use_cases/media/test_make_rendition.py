"""Choosing between encoding and remuxing, and proving the rendition."""

from dataclasses import replace
from pathlib import Path
from typing import Unpack

import pytest

from adapters.fakes.transcoder import FakeTranscoder, FakeVideoProperties, fake_video_bytes
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.videos.source import PublicationKind
from domain.use_cases.media.make_rendition import MadeRendition, MakeRendition
from tests.support.builders import a_profile

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("It did not work.")
# For ten seconds of 720p, 4 MB is large and 1 MB is small.
LARGE, SMALL = 4_000_000, 1_000_000


class Workshop:
    """A folder with a source, and a transcoder."""

    def __init__(self, folder: Path) -> None:
        self.transcoder = FakeTranscoder()
        self.writes_invalid_output = False
        self._source = folder / "source"

    async def make(
        self,
        size_bytes: int,
        *,
        source_plays: bool = True,
        lost_sound: str | None = None,
        **properties: Unpack[FakeVideoProperties],
    ) -> MadeRendition:
        """Make the rendition of a source with these properties."""
        self._source.write_bytes(fake_video_bytes(size_bytes=size_bytes, **properties))
        media = replace(await self.transcoder.probe(self._source), lost_sound=lost_sound)
        self.transcoder.calls.clear()
        if self.writes_invalid_output:
            self.transcoder.fail("probe", MediaRejected("There is nothing in it."))
        make_rendition = MakeRendition(self.transcoder, a_profile())
        return await make_rendition(media, self._source, lambda _percent: None, source_plays=source_plays)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A new workshop."""
    return Workshop(tmp_path)


async def test_a_large_source_is_encoded(workshop: Workshop) -> None:
    """The rendition is smaller."""
    made = await workshop.make(LARGE, pixel_format="yuv420p")
    assert made.kind is PublicationKind.ENCODED
    assert made.media.size_bytes == made.path.stat().st_size < LARGE
    assert workshop.transcoder.calls == ["compress", "probe"]


async def test_a_small_source_is_not_encoded(workshop: Workshop) -> None:
    """It is remuxed into an MP4, without an encoder run."""
    made = await workshop.make(SMALL, pixel_format="yuv420p", container="matroska")
    assert (made.kind, made.media.container) == (PublicationKind.REMUXED, "mov")
    assert workshop.transcoder.calls == ["remux", "probe"]


async def test_a_failed_remux_falls_back_to_encoding(workshop: Workshop) -> None:
    """The encoder gets the source instead."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(SMALL, pixel_format="yuv420p")
    assert made.kind is PublicationKind.ENCODED
    assert workshop.transcoder.calls == ["remux", "compress", "probe"]


async def test_a_source_that_would_grow_is_remuxed(workshop: Workshop) -> None:
    """It plays everywhere, although it is larger than the profile's frame size; its metadata is removed."""
    made = await workshop.make(0, pixel_format="yuv420p", width=3840, height=2160)
    assert made.kind is PublicationKind.REMUXED
    assert workshop.transcoder.calls == ["compress", "probe", "remux", "probe"]


async def test_a_source_that_would_grow_and_cannot_be_remuxed_is_kept(workshop: Workshop) -> None:
    """The encode succeeded, so poster and storyboard can be made."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(0, pixel_format="yuv420p")
    assert made.kind is PublicationKind.ORIGINAL
    assert made.path.exists()


async def test_a_source_in_a_container_no_browser_plays_is_encoded(workshop: Workshop) -> None:
    """Browsers play its streams but not its container, and the remux failed; so the larger encode is used."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(0, pixel_format="yuv420p", container="mpegts")
    assert made.kind is PublicationKind.ENCODED


async def test_a_source_in_codecs_no_browser_plays_is_encoded_even_if_it_grows(workshop: Workshop) -> None:
    """Playback everywhere is more important than size."""
    made = await workshop.make(0, video_codec="hevc")
    assert made.kind is PublicationKind.ENCODED


@pytest.mark.parametrize("size_bytes", [LARGE, SMALL])
async def test_a_truncated_source_has_no_rendition(workshop: Workshop, size_bytes: int) -> None:
    """Encode and remux both succeed; only their short duration shows the truncation."""
    with pytest.raises(CompressionFailed) as raised:
        await workshop.make(size_bytes, pixel_format="yuv420p", duration_s=20.0, readable_s=10.0)
    assert raised.value.code == "source_truncated"


async def test_a_damaged_source_has_no_rendition(workshop: Workshop) -> None:
    """The parts that could not be decoded would be lost with the original."""
    with pytest.raises(CompressionFailed) as raised:
        await workshop.make(LARGE, decode_errors=5)
    assert raised.value.code == "source_damaged"


async def test_a_damaged_source_can_be_remuxed(workshop: Workshop) -> None:
    """A remux copies every packet, damaged ones too."""
    made = await workshop.make(SMALL, pixel_format="yuv420p", decode_errors=5)
    assert made.kind is PublicationKind.REMUXED


async def test_a_source_with_a_damaged_container_is_not_remuxed(workshop: Workshop) -> None:
    """Packets would be missing from the copy, so the original is kept."""
    with pytest.raises(CompressionFailed) as raised:
        await workshop.make(SMALL, pixel_format="yuv420p", container="matroska", container_errors=5)
    assert raised.value.code == "source_damaged"
    assert workshop.transcoder.calls == ["remux", "probe", "compress", "probe"]


async def test_an_unreadable_output_is_no_rendition(workshop: Workshop) -> None:
    """The encoder's exit code proves nothing."""
    workshop.writes_invalid_output = True
    with pytest.raises(CompressionFailed, match="can't be read"):
        await workshop.make(LARGE)


@pytest.mark.parametrize("size_bytes", [LARGE, SMALL])
async def test_an_error_of_the_worker_is_passed_on(workshop: Workshop, size_bytes: int) -> None:
    """A full disk says nothing about the source, so the attempt is retried."""
    for method in ("compress", "remux"):
        workshop.transcoder.fail(method, Unavailable("The disk is full."))
    with pytest.raises(Unavailable):
        await workshop.make(size_bytes, pixel_format="yuv420p")


async def test_what_could_be_read_is_a_rendition_of_a_source_that_does_not_play(workshop: Workshop) -> None:
    """It has the error as its shortfall, so that the original is kept."""
    made = await workshop.make(LARGE, source_plays=False, container="mpegts", duration_s=20.0, readable_s=10.0)
    assert (made.kind, made.media.duration_s) == (PublicationKind.ENCODED, 10.0)
    assert made.shortfall is not None
    assert made.shortfall.code == "source_truncated"


async def test_a_complete_rendition_has_no_shortfall(workshop: Workshop) -> None:
    """Whether its source plays or not."""
    assert (await workshop.make(LARGE, source_plays=False, container="avi")).shortfall is None


async def test_a_source_that_can_not_be_encoded_is_remuxed(workshop: Workshop) -> None:
    """It can be played at least; that it could not be encoded is its shortfall, although the remux is complete."""
    workshop.transcoder.fail("compress", FAILURE)
    made = await workshop.make(LARGE, source_plays=False, pixel_format="yuv420p", container="mpegts")
    assert (made.kind, made.media.container, made.shortfall) == (PublicationKind.REMUXED, "mov", FAILURE)
    assert workshop.transcoder.calls == ["compress", "remux", "probe"]


async def test_streams_no_browser_plays_are_not_remuxed(workshop: Workshop) -> None:
    """A new container would not help."""
    workshop.transcoder.fail("compress", FAILURE)
    with pytest.raises(CompressionFailed, match="did not work"):
        await workshop.make(LARGE, source_plays=False, video_codec="mpeg4", container="avi")
    assert "remux" not in workshop.transcoder.calls


async def test_an_empty_rendition_is_none(workshop: Workshop) -> None:
    """There would be nothing to play."""
    with pytest.raises(CompressionFailed):
        await workshop.make(LARGE, source_plays=False, container="avi", duration_s=20.0, readable_s=0.0)


async def test_an_unreadable_output_is_none_either(workshop: Workshop) -> None:
    """And the remux fails as well."""
    workshop.writes_invalid_output = True
    workshop.transcoder.fail("remux", FAILURE)
    with pytest.raises(CompressionFailed, match="can't be read"):
        await workshop.make(LARGE, source_plays=False, pixel_format="yuv420p", container="avi")


async def test_a_source_whose_sound_is_lost_is_never_played_itself(workshop: Workshop) -> None:
    """Although a rendition is larger: the original is kept beside it."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(0, pixel_format="yuv420p", audio_codec=None, lost_sound="atrac3")
    assert made.kind is PublicationKind.ENCODED
