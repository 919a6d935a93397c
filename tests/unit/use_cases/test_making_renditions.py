"""Which rendition is made of a source, and when it counts."""

from pathlib import Path
from typing import Unpack

import pytest

from adapters.fakes.transcoder import FakeTranscoder, FakeVideoProperties, fake_video_bytes
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.source import PublicationKind
from domain.use_cases.make_rendition import MakeRendition, ProvenRendition
from tests.builders import a_profile

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("It did not work.")
# 720p for ten seconds: four megabytes are many, one is few.
LARGE, SMALL = 4_000_000, 1_000_000


class Workshop:
    """A folder with a source in it, and a transcoder to work on it."""

    def __init__(self, folder: Path) -> None:
        self.transcoder = FakeTranscoder()
        self.makes_rubbish = False
        self._source = folder / "source"

    async def make(self, size_bytes: int, **properties: Unpack[FakeVideoProperties]) -> ProvenRendition:
        """The rendition of such a source."""
        self._source.write_bytes(fake_video_bytes(size_bytes=size_bytes, **properties))
        media = await self.transcoder.probe(self._source)
        self.transcoder.calls.clear()
        if self.makes_rubbish:
            self.transcoder.fail("probe", MediaRejected("There is nothing in it."))
        make_rendition = MakeRendition(self.transcoder, a_profile())
        return await make_rendition(media, self._source, lambda _percent: None)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """One for each test."""
    return Workshop(tmp_path)


async def test_a_large_source_is_coded_anew(workshop: Workshop) -> None:
    """And is smaller then."""
    made = await workshop.make(LARGE, pixel_format="yuv420p")
    assert made.kind is PublicationKind.ENCODED
    assert made.media.size_bytes == made.path.stat().st_size < LARGE
    assert workshop.transcoder.calls == ["compress", "probe"]


async def test_a_small_source_is_not_coded_anew(workshop: Workshop) -> None:
    """It moves into a container of ours; nobody waits for an encoder."""
    made = await workshop.make(SMALL, pixel_format="yuv420p", container="matroska")
    assert (made.kind, made.media.container) == (PublicationKind.REMUXED, "mov")
    assert workshop.transcoder.calls == ["remux", "probe"]


async def test_a_remux_that_does_not_work_is_no_loss(workshop: Workshop) -> None:
    """The encoder makes of the source what it can."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(SMALL, pixel_format="yuv420p")
    assert made.kind is PublicationKind.ENCODED
    assert workshop.transcoder.calls == ["remux", "compress", "probe"]


async def test_what_would_grow_is_remuxed(workshop: Workshop) -> None:
    """It plays everywhere, though it is wider than the profile asks for; its metadata goes all the same."""
    made = await workshop.make(0, pixel_format="yuv420p", width=3840, height=2160)
    assert made.kind is PublicationKind.REMUXED
    assert workshop.transcoder.calls == ["compress", "probe", "remux", "probe"]


async def test_what_would_grow_and_can_not_be_remuxed_stays_as_it_is(workshop: Workshop) -> None:
    """The encode is proven, so its pictures can be had from it."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(0, pixel_format="yuv420p")
    assert made.kind is PublicationKind.ORIGINAL
    assert made.path.exists()


async def test_what_would_grow_and_plays_in_no_browser_is_coded_anew(workshop: Workshop) -> None:
    """Its streams would play, its container does not."""
    workshop.transcoder.fail("remux", FAILURE)
    made = await workshop.make(0, pixel_format="yuv420p", container="mpegts")
    assert made.kind is PublicationKind.ENCODED


async def test_a_source_that_plays_nowhere_is_coded_anew_even_if_it_grows(workshop: Workshop) -> None:
    """Playing everywhere comes first."""
    made = await workshop.make(0, video_codec="hevc")
    assert made.kind is PublicationKind.ENCODED


@pytest.mark.parametrize("size_bytes", [LARGE, SMALL])
async def test_a_truncated_source_has_no_rendition(workshop: Workshop, size_bytes: int) -> None:
    """Neither an encode nor a remux says so; their length does."""
    with pytest.raises(CompressionFailed) as raised:
        await workshop.make(size_bytes, pixel_format="yuv420p", duration_s=20.0, readable_s=10.0)
    assert raised.value.code == "source_truncated"


async def test_a_damaged_source_has_no_rendition(workshop: Workshop) -> None:
    """What could not be decoded would be lost with it."""
    with pytest.raises(CompressionFailed) as raised:
        await workshop.make(LARGE, faults=5)
    assert raised.value.code == "source_damaged"


async def test_a_damaged_source_may_be_remuxed(workshop: Workshop) -> None:
    """A copy keeps every packet, whatever is in it."""
    made = await workshop.make(SMALL, pixel_format="yuv420p", faults=5)
    assert made.kind is PublicationKind.REMUXED


async def test_what_is_in_a_torn_container_is_not_remuxed(workshop: Workshop) -> None:
    """Packets would be missing from the copy, so the original stays."""
    with pytest.raises(CompressionFailed) as raised:
        await workshop.make(SMALL, pixel_format="yuv420p", container="matroska", tears=5)
    assert raised.value.code == "source_damaged"
    assert workshop.transcoder.calls == ["remux", "probe", "compress", "probe"]


async def test_what_can_not_be_read_is_no_rendition(workshop: Workshop) -> None:
    """The encoder's exit code proves nothing."""
    workshop.makes_rubbish = True
    with pytest.raises(CompressionFailed, match="can't be read"):
        await workshop.make(LARGE)


@pytest.mark.parametrize("size_bytes", [LARGE, SMALL])
async def test_trouble_of_ours_is_passed_on(workshop: Workshop, size_bytes: int) -> None:
    """A full disk says nothing about the source: the attempt is repeated."""
    for method in ("compress", "remux"):
        workshop.transcoder.fail(method, Unavailable("The disk is full."))
    with pytest.raises(Unavailable):
        await workshop.make(size_bytes, pixel_format="yuv420p")
