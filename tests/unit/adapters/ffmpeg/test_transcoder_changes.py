"""Renditions of videos whose picture changes on the way, and of videos with absurd side data."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.errors import CompressionFailed
from tests.media import frames
from tests.media.make import encoded
from tests.media.odd import H264
from tests.unit.adapters.ffmpeg.film import PROFILE, film, ignore, pixel, rendition_of, stream

pytestmark = pytest.mark.anyio

NEAR = 12
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
SQUARE_TOLERANCE = 0.12


def bounds(path: Path, at_s: float, least: int) -> tuple[int, int]:
    """The width and height of the part of a frame that is brighter than this."""
    size = stream(path)["width"], stream(path)["height"]
    shown = ("-ss", str(at_s), "-i", str(path), "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-")
    argv = ["ffmpeg", "-v", "error", *shown]
    grey = subprocess.run(argv, check=True, capture_output=True).stdout
    rows = [grey[start : start + size[0]] for start in range(0, len(grey), size[0])]
    bright_rows = [row for row in rows if max(row) >= least]
    bright_columns = {place for row in bright_rows for place, level in enumerate(row) if level >= least}
    return len(bright_columns), len(bright_rows)


@pytest.mark.parametrize(
    ("make", "name", "size", "shapes"),
    [
        (frames.growing, "s.webm", (320, 180), {1.0: (240, 180), 4.0: (320, 180)}),
        (frames.switching, "s.ts", (256, 144), {1.0: (192, 144), 4.0: (256, 144)}),
        (frames.turned_midway, "s.ts", (320, 180), {1.0: (320, 180), 3.0: (102, 180)}),
        (frames.with_stray_frame, "s.ts", (160, 120), {0.5: (160, 120), 2.0: (160, 120)}),
    ],
    ids=["growing", "switching", "turned", "stray"],
)
async def test_a_changing_shape_is_letterboxed(
    tmp_path: Path,
    make: Callable[[Path], Path],
    name: str,
    size: tuple[int, int],
    shapes: dict[float, tuple[int, int]],
) -> None:
    """The size is that of the largest lasting part, every part keeps its shape, and a square stays a square."""
    outcome = await rendition_of(make(tmp_path / name))
    assert (outcome.rendition.width, outcome.rendition.height) == size
    for at_s, shape in shapes.items():
        assert bounds(outcome.path, at_s, 60) == pytest.approx(shape, abs=4)
        width, height = bounds(outcome.path, at_s, 180)
        assert width / height == pytest.approx(1, abs=SQUARE_TOLERANCE)


async def test_fields_that_begin_later_become_frames(tmp_path: Path) -> None:
    """The first frames are progressive."""
    source = frames.becoming_interlaced(tmp_path / "source.ts")
    outcome = await rendition_of(source)
    assert not outcome.source.picture.is_interlaced
    assert combed(source) > 3 * combed(outcome.path)


def combed(path: Path) -> float:
    """The difference between neighbouring lines, after the frames have become interlaced."""
    filters = "format=gray,convolution='0 -1 0 0 2 0 0 -1 0',signalstats,metadata=print:file=-"
    argv = ["ffmpeg", "-v", "error", "-ss", "1.4", "-i", str(path), "-vf", filters, "-frames:v", "1", "-f", "null", "-"]
    output = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return float(output.partition("lavfi.signalstats.YAVG=")[2].split()[0])


@pytest.mark.parametrize("first_format", ["yuv420p", "yuv420p10le"])
async def test_only_the_part_in_hdr_is_tone_mapped(tmp_path: Path, first_format: str) -> None:
    """Both parts store the same values, which mean different colours."""
    source, coding = frames.in_colours(frames.GREY, frames.TEN_BITS, frames.PQ)
    hdr = film(tmp_path / "hdr.mp4", source, options=coding)
    mapped = pixel((await rendition_of(hdr)).path)
    rendition = (await rendition_of(frames.becoming_hdr(tmp_path / "s.ts", first_format=first_format))).path
    assert pixel(rendition, at_s=1.5) == pytest.approx((128, 128, 128), abs=6)
    assert pixel(rendition, at_s=3.5) == pytest.approx(mapped, abs=3)
    assert mapped[0] > 128 + NEAR
    assert stream(rendition)["color_transfer"] == "bt709"


async def test_transparency_that_begins_later_becomes_black(tmp_path: Path) -> None:
    """The hidden colour is never visible."""
    outcome = await rendition_of(frames.becoming_transparent(tmp_path / "source.mov"))
    assert pixel(outcome.path, at_s=2.0) == pytest.approx(BLACK, abs=NEAR)
    assert pixel(outcome.path, at_s=0.5)[0] > 200


async def test_all_frames_are_counted(tmp_path: Path) -> None:
    """Also when each has another size."""
    source = frames.changing_each_frame(tmp_path / "source.mkv", count=12)
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    target = tmp_path / "rendition.mp4"
    report = await transcoder.compress(source, target, media=media, profile=PROFILE, on_progress=ignore)
    assert (report.decode_errors, report.decoded_frames) == (0, 12)


@pytest.mark.parametrize(("levels", "luminance"), [("65535,65535", "4294967295,50"), ("1,1", "0,0")])
async def test_light_levels_do_not_change_the_brightness(tmp_path: Path, levels: str, luminance: str) -> None:
    """And the rendition, which is not HDR, states none."""
    plain = pixel((await rendition_of(frames.with_light_levels(tmp_path / "plain.mp4", "", ""))).path)
    stated = await rendition_of(frames.with_light_levels(tmp_path / "stated.mp4", levels, luminance))
    assert pixel(stated.path) == pytest.approx(plain, abs=2)
    assert "side_data_list" not in stream(stated.path)


@pytest.mark.parametrize("number", [3, 8, 14, 200])
async def test_an_invalid_matrix_is_ignored(tmp_path: Path, number: int) -> None:
    """The colours are those without it."""
    outcome = await rendition_of(frames.with_matrix(tmp_path / "source.mp4", number))
    assert stream(outcome.path)["color_space"] == "smpte170m"
    assert pixel(outcome.path) == pytest.approx(WHITE, abs=NEAR)
    assert pixel(outcome.path, crop="4:4:4:4") == pytest.approx((0x20, 0x80, 0x20), abs=NEAR)


async def test_a_second_encode_does_not_hide_why_the_first_one_failed(tmp_path: Path) -> None:
    """Without the matrix it fails too; ffmpeg 5 then only complains about the option, and 7 about the matrix first."""
    source, target = frames.with_matrix(tmp_path / "source.mp4", 3), tmp_path / "rendition.mp4"
    media = await FFmpegTranscoder().probe(source)
    small = FFmpegTranscoder(slack_bytes=1000 - 2 * media.size_bytes)
    with pytest.raises(CompressionFailed, match=r"far larger|received no packets"):
        await small.compress(source, target, media=media, profile=PROFILE, on_progress=ignore)


@pytest.mark.parametrize(
    ("matrix", "red_at"),
    [
        ((1, 0, 0, 1), "8:8:20:20"),
        ((1, 0.5, 0, 1), "8:8:20:20"),
        ((0.7071, 0.7071, -0.7071, 0.7071), "8:8:20:20"),
        ((0, 0, 0, 0), "8:8:20:20"),
        ((-1, 0, 0, 1), "8:8:130:20"),
        ((1, 0, 0, -1), "8:8:20:90"),
        ((-1, 0, 0, -1), "8:8:130:90"),
        ((0, 1, -1, 0), "8:8:90:20"),
    ],
    ids=["upright", "skewed", "slanted", "zero", "mirrored", "upside down", "half a turn", "a quarter"],
)
async def test_only_turns_and_reflections_are_followed(
    tmp_path: Path, matrix: tuple[float, float, float, float], red_at: str
) -> None:
    """The upper left quarter of the picture is red."""
    outcome = await rendition_of(frames.with_display_matrix(tmp_path / "source.mp4", *matrix))
    assert pixel(outcome.path, crop=red_at) == pytest.approx((255, 0, 0), abs=2 * NEAR)
    assert "side_data_list" not in stream(outcome.path)
    assert outcome.source.picture.is_turned is (matrix != (1, 0, 0, 1))


async def test_a_crop_of_the_container_is_ignored(tmp_path: Path) -> None:
    """Only newer versions of ffmpeg would follow it."""
    outcome = await rendition_of(frames.with_crop(tmp_path / "source.mkv", left=79, right=79, top=59, bottom=59))
    assert (outcome.rendition.width, outcome.rendition.height) == (160, 120)


@pytest.mark.parametrize(
    ("rate", "expected", "step"),
    [
        ("50", "25/1", 2),
        ("60000/1001", "30000/1001", 2),
        ("48", "24/1", 2),
        ("90", "30/1", 3),
        ("100", "25/1", 4),
        ("240", "30/1", 8),
    ],
)
async def test_every_nth_frame_is_shown(tmp_path: Path, rate: str, expected: str, step: int) -> None:
    """Frame n of the rendition is frame n times the step of the source, so motion is even."""
    source = frames.with_fast_frames(tmp_path / "source.mkv", rate, 0.5)
    path = (await rendition_of(source)).path
    assert stream(path)["r_frame_rate"] == expected
    levels = brightness(path)
    assert levels[: len(levels) - 1] == pytest.approx(
        [16 + number * step for number in range(len(levels) - 1)], abs=step / 2
    )


def brightness(path: Path) -> list[float]:
    """The mean luma of each frame."""
    filters = "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-"
    argv = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", filters, "-f", "null", "-"]
    output = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return [float(line.partition("=")[2]) for line in output.splitlines() if "YAVG" in line]


async def test_the_bit_rate_has_a_peak(tmp_path: Path) -> None:
    """Noise, which cannot be compressed, stays below 3 Mbit/s at 720p."""
    noise = "color=gray:s=1280x720:r=30:d=2.5,noise=alls=100:allf=t"
    source = encoded(tmp_path / "source.mkv", [noise], [*H264, "-crf", "20"])
    path = (await rendition_of(source)).path
    assert path.stat().st_size * 8 / 2.5 < 3_000_000
