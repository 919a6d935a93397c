"""Renditions of sources of every unusual kind, measured in picture and sound."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.errors import CompressionFailed
from domain.model.media.compression_profile import RenditionCodec
from domain.model.media.rendition_check import check_rendition
from domain.model.media.storyboard import storyboard_sheet
from tests.media import damaged, make
from tests.media.descriptions import joined
from tests.unit.adapters.ffmpeg.film import (
    H264,
    PROFILE,
    beeps_s,
    film,
    flashes_s,
    ignore,
    key_frames_s,
    loudness,
    made,
    pixel,
    remux_of,
    rendition_of,
    stream,
)

pytestmark = pytest.mark.anyio

NEAR = 6
TOLERANCE_S = 0.06
RED = (255, 0, 0)
# The first bytes of each cluster of a Matroska file.
CLUSTER = bytes.fromhex("1f43b675")
# At 0.5 s and 1.5 s the picture is white and the tone sounds, for 0.2 s.
FLASHES = "color=black:s=64x64:r={rate}:d=2,geq=lum='if(between(mod(T,1),0.5,0.699),235,16)':cb=128:cr=128"
BEEPS = "aevalsrc='0.5*sin(880*PI*t)*between(mod(t,1),0.5,0.699)':s=48000:d=2"


async def test_wide_pixels_become_square(tmp_path: Path) -> None:
    """720 x 576 of a DVD is shown as 1046 x 576."""
    source = film(tmp_path / "source.mkv", "testsrc2=s=720x576:d=0.2", options=("-vf", "setsar=16/11", *H264))
    rendition = (await rendition_of(source)).rendition
    assert (rendition.width, rendition.height, rendition.picture.pixel_aspect) == (1046, 576, 1.0)


async def test_fields_become_frames(tmp_path: Path) -> None:
    """No line of a moving bar shows the position of a fiftieth of a second before."""
    moving = "color=black:s=320x240:r=50:d=0.4,geq=lum='if(between(X,N*8,N*8+40),235,16)':cb=128:cr=128"
    fields = ("-vf", "tinterlace=interleave_top,setfield=tff", "-flags", "+ilme+ildct", *H264, "-crf", "10")
    source = film(tmp_path / "source.mkv", moving, options=fields)
    outcome = await rendition_of(source)
    assert outcome.source.picture.is_interlaced
    assert not outcome.rendition.picture.is_interlaced
    assert combed(source) > 4 * combed(outcome.path)


def combed(path: Path) -> float:
    """The difference between neighbouring lines in the middle of a file."""
    filters = "select=gte(n\\,5),format=gray,convolution='0 -1 0 0 2 0 0 -1 0',signalstats,metadata=print:file=-"
    argv = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", filters, "-frames:v", "1", "-f", "null", "-"]
    output = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return float(output.partition("lavfi.signalstats.YAVG=")[2].split()[0])


@pytest.mark.parametrize(
    ("size", "coding"),
    [
        ("320x240", ("-pix_fmt", "yuv420p")),
        ("1280x720", ("-pix_fmt", "yuv420p", "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709")),
        ("1280x720", ("-pix_fmt", "yuvj420p", "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709")),
        ("320x240", ("-pix_fmt", "yuv444p10le")),
        ("320x240", ("-c:v", "libx264rgb")),
    ],
    ids=["sd", "hd", "full range", "ten bits", "rgb"],
)
async def test_red_stays_red(tmp_path: Path, size: str, coding: tuple[str, ...]) -> None:
    """For every colour matrix, encoding and tag."""
    source = film(tmp_path / "source.mkv", f"color=red:s={size}:r=5:d=0.4", options=(*H264, *coding))
    outcome = await rendition_of(source)
    assert pixel(outcome.path) == pytest.approx(RED, abs=NEAR)
    tags = stream(outcome.path)
    assert tags["color_range"] == "tv"
    assert tags["color_space"] == ("bt709" if size == "1280x720" or "rgb" in coding[-1] else "smpte170m")
    assert (tags["pix_fmt"], tags["codec_tag_string"]) == ("yuv420p", "avc1")


async def test_transparent_pixels_become_black(tmp_path: Path) -> None:
    """The hidden colour must not be visible."""
    coding = ("-c:v", "prores_ks", "-profile:v", "4444")
    source = film(tmp_path / "source.mov", "color=red@0.0:s=64x64:r=5:d=0.4,format=yuva444p10le", options=coding)
    assert pixel((await rendition_of(source)).path) == pytest.approx((0, 0, 0), abs=NEAR)


@pytest.mark.parametrize("size", ["1x1", "3x5"])
@pytest.mark.parametrize("codec", list(RenditionCodec))
async def test_the_smallest_pictures_can_be_played(tmp_path: Path, size: str, codec: RenditionCodec) -> None:
    """Encoders need even sizes, and some a minimum."""
    width, _, height = size.partition("x")
    crop = ("-vf", f"crop={width}:{height}:0:0:exact=1,format=yuv444p")
    source = film(tmp_path / "source.mkv", "testsrc2=s=64x64:r=5:d=0.4", options=(*crop, *H264))
    preset = "12" if codec is RenditionCodec.AV1 else "ultrafast"
    outcome = await rendition_of(source, replace(PROFILE, codec=codec, preset=preset))
    assert outcome.rendition.width % 2 == outcome.rendition.height % 2 == 0
    assert outcome.rendition.video_codec == codec


async def test_av1_has_its_tag_and_its_key_frames(tmp_path: Path) -> None:
    """Every two seconds, although its encoder counts frames."""
    source = film(tmp_path / "source.mkv", "testsrc2=s=64x64:r=10:d=5", options=H264)
    outcome = await rendition_of(source, replace(PROFILE, codec=RenditionCodec.AV1, crf=35, preset="12"))
    assert (stream(outcome.path)["codec_tag_string"], stream(outcome.path)["profile"]) == ("av01", "Main")
    assert key_frames_s(outcome.path) == pytest.approx([0.0, 2.0, 4.0], abs=0.11)


async def test_a_player_can_begin_every_two_seconds(tmp_path: Path) -> None:
    """Two seconds of time, not of frames: this screen recording shows a frame only now and then."""
    sparse = ("-vf", "select='lt(t,0.5)+not(mod(n,10))'", "-fps_mode", "vfr", *H264)
    source = film(tmp_path / "source.mkv", "testsrc2=s=64x64:r=20:d=6", options=sparse)
    starts = key_frames_s((await rendition_of(source)).path)
    assert all(any(abs(start - due) <= 0.5 for start in starts) for due in (0, 2, 4))


@pytest.mark.parametrize("kind", ["uneven", "too many", "late", "later", "gap"])
async def test_sound_and_picture_stay_together(tmp_path: Path, kind: str) -> None:
    """A flash and its beep coincide, whatever the timestamps of the frames."""
    rate = 60 if kind == "too many" else 25
    coding = (*H264, "-c:a", "aac")
    options: dict[str, tuple[str, ...]] = {
        "uneven": ("-vf", "select='not(mod(n,3))+between(mod(t,1),0.45,0.75)'", "-fps_mode", "vfr"),
        "too many": (),
        "late": ("-output_ts_offset", "7.3"),
        "later": ("-output_ts_offset", "73.0"),
        "gap": ("-vf", "select='not(between(t,0.8,1.3))'", "-fps_mode", "vfr"),
    }
    target = tmp_path / ("source.ts" if kind == "late" else "source.mkv")
    source = film(target, FLASHES.format(rate=rate), BEEPS, options=(*options[kind], *coding))
    outcome = await rendition_of(source)
    assert flashes_s(outcome.path) == pytest.approx(flashes_s(source), abs=TOLERANCE_S)
    assert beeps_s(outcome.path) == pytest.approx([0.5, 1.5], abs=TOLERANCE_S)
    assert outcome.rendition.frame_rate <= 30.01


async def test_content_hidden_by_an_edit_list_is_not_shown(tmp_path: Path) -> None:
    """A phone that trims a video leaves the rest in the file."""
    whole = film(tmp_path / "whole.mp4", FLASHES.format(rate=25), BEEPS, options=(*H264, "-c:a", "aac"))
    outcome = await rendition_of(made(tmp_path / "source.mp4", "-ss", "0.3", "-i", str(whole), "-c", "copy"))
    assert flashes_s(outcome.path) == pytest.approx([0.2, 1.2], abs=TOLERANCE_S)
    assert beeps_s(outcome.path) == pytest.approx([0.2, 1.2], abs=TOLERANCE_S)


def chord(channels: str, level: float, count: int) -> str:
    """A different tone in each channel."""
    tones = "|".join(f"{level}*sin({2 * (400 + 110 * number)}*PI*t)" for number in range(count))
    return f"aevalsrc='{tones}':c={channels}:s=48000:d=2"


@pytest.mark.parametrize(("channels", "count"), [("mono", 1), ("stereo", 2), ("5.1", 6), ("7.1", 8)])
async def test_sound_is_as_loud_as_it_was(tmp_path: Path, channels: str, count: int) -> None:
    """Within one loudness unit of an unscaled mix, although the source has integer samples."""
    coding = (*H264, "-c:a", "pcm_s16le")
    source = film(tmp_path / "source.mov", "testsrc2=s=64x64:r=5:d=2", chord(channels, 0.15, count), options=coding)
    outcome = await rendition_of(source)
    assert outcome.rendition.sound.channels == min(count, 2)
    layout = "mono" if count == 1 else "stereo"
    mixed = loudness(source, "-af", f"aformat=sample_fmts=fltp:channel_layouts={layout},ebur128=peak=true")[0]
    assert loudness(outcome.path, "-af", "ebur128=peak=true")[0] == pytest.approx(mixed, abs=1.0)


async def test_a_loud_mix_is_not_clipped(tmp_path: Path) -> None:
    """The sum of six channels near full scale exceeds full scale."""
    coding = (*H264, "-c:a", "flac")
    source = film(tmp_path / "source.mkv", "testsrc2=s=64x64:r=5:d=2", chord("5.1", 0.9, 6), options=coding)
    assert loudness((await rendition_of(source)).path, "-af", "ebur128=peak=true")[1] <= 0.0


async def test_192_khz_audio_is_resampled(tmp_path: Path) -> None:
    """To 48 kHz."""
    coding = (*H264, "-c:a", "flac")
    source = film(tmp_path / "source.mkv", "testsrc2=s=64x64:r=5:d=0.4", "sine=440:r=192000:d=0.4", options=coding)
    assert (await rendition_of(source)).rendition.sound.sample_rate_hz == 48_000


async def test_of_two_tracks_the_default_one_is_played(tmp_path: Path) -> None:
    """With its language, and without any other track."""
    tracks = ("-map", "0", "-map", "1", "-map", "2", "-map", "3", "-disposition", "0")
    tags = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu")
    chosen = ("-disposition:v:1", "default", "-disposition:a:1", "default")
    source = film(
        tmp_path / "source.mkv",
        *("color=red:s=64x64:r=5:d=1", "color=blue:s=96x64:r=5:d=1", "sine=440:d=1", "anullsrc=d=1"),
        options=(*tracks, *H264, "-c:a", "aac", *tags, *chosen),
    )
    outcome = await rendition_of(source)
    assert (outcome.rendition.width, outcome.rendition.stream_count) == (96, 2)
    assert outcome.rendition.sound.language == "deu"
    assert beeps_s(outcome.path) == []


async def test_a_remux_keeps_pictures_and_sound_and_nothing_else(tmp_path: Path) -> None:
    """Bit-exact, in a fast-start container; of the metadata only the language is kept."""
    source = make.with_metadata(tmp_path / "source.mp4", "Canary-51c0")
    tagged = made(tmp_path / "tagged.mkv", "-i", str(source), "-c", "copy", "-metadata:s:a:0", "language=deu")
    outcome = await remux_of(tagged)
    content = outcome.path.read_bytes()
    assert b"Canary-51c0" in tagged.read_bytes()
    assert b"Canary-51c0" not in content
    assert b"x264 - core" not in content
    assert content.index(b"moov") < content.index(b"mdat")
    assert outcome.rendition.sound.language == "deu"
    assert checksum(outcome.path) == checksum(tagged)


def checksum(path: Path) -> str:
    """A checksum of every decoded picture."""
    argv = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:v", "-f", "md5", "-"]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("extension", "part"), [(".mp4", 0.1), (".mp4", 0.9), (".mkv", 0.5), (".webm", 0.5), (".avi", 0.5), (".flv", 0.8)]
)
async def test_a_truncated_source_is_refused(tmp_path: Path, extension: str, part: float) -> None:
    """Neither remux nor encode is accepted; the duration of the encode gives the reason."""
    coding = {
        ".mp4": (*H264, "-c:a", "aac", "-movflags", "+faststart"),
        ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    }.get(extension, (*H264, "-c:a", "aac"))
    pictures, sound = "testsrc2=s=96x64:r=25:d=6", "sine=440:d=6"
    whole = film(tmp_path / f"whole{extension}", pictures, sound, options=(*coding, "-g", "25"))
    source = tmp_path / f"source{extension}"
    content = whole.read_bytes()
    source.write_bytes(content[: int(part * len(content))])
    if extension != ".webm":
        with pytest.raises(CompressionFailed):
            await remux_of(source)
    with pytest.raises(CompressionFailed) as raised:
        await rendition_of(source)
    assert raised.value.code == "source_truncated"


async def test_a_remux_of_pictures_that_can_not_be_decoded_fails(tmp_path: Path) -> None:
    """Its packets are complete, and its duration is right."""
    source = film(tmp_path / "source.mp4", "testsrc2=s=160x120:r=25:d=2", options=(*H264, "-g", "10"))
    content = bytearray(source.read_bytes())
    start = content.index(b"mdat") + 8
    content[start + 1000 :: 3] = b"\xff" * len(content[start + 1000 :: 3])
    damaged = tmp_path / "damaged.mp4"
    index = source.read_bytes()
    moov = index.index(b"moov") - 4
    damaged.write_bytes(bytes(content[:moov]) + index[moov:])
    with pytest.raises(CompressionFailed):
        await remux_of(damaged)


async def test_a_remux_that_would_show_other_pictures_fails(tmp_path: Path) -> None:
    """An MP4 may change its decoder parameters half way; a copy has only the first ones."""
    one, other = (
        film(tmp_path / f"{name}.mp4", "testsrc2=s=64x64:r=10:d=1", options=(*H264, "-x264-params", coding))
        for name, coding in (("one", "chroma_qp_offset=0"), ("other", "chroma_qp_offset=10"))
    )
    (tmp_path / "list").write_text("file one.mp4\nfile other.mp4\n")
    together = ("-f", "concat", "-auto_convert", "0", "-i", str(tmp_path / "list"), "-c", "copy")
    whole = made(tmp_path / "whole.mp4", *together)
    assert (await remux_of(whole)).rendition.duration_s == pytest.approx(2.0)
    with pytest.raises(CompressionFailed, match="other pictures"):
        await remux_of(joined(one, other, whole))


@pytest.mark.parametrize("size", ["64x96", "128x96"])
async def test_a_remux_of_a_picture_that_changes_its_size_fails(tmp_path: Path, size: str) -> None:
    """A phone that is turned writes another size into the stream; only some players follow it."""
    parts = [
        film(
            tmp_path / f"{start_s}.ts",
            f"testsrc2=s={part}:r=10:d=1",
            options=(*H264, "-output_ts_offset", str(start_s)),
        )
        for start_s, part in enumerate(("96x64", size))
    ]
    source = tmp_path / "whole.ts"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    with pytest.raises(CompressionFailed, match=r"changes its size|one sample description"):
        await remux_of(source)


async def test_a_remux_without_seek_points_fails(tmp_path: Path) -> None:
    """With open groups of pictures only SEI units mark where decoding can begin, and those are removed."""
    groups = ("-x264-params", "open-gop=1:keyint=5:min-keyint=5:scenecut=0:bframes=2")
    source = film(tmp_path / "source.mp4", "testsrc2=s=64x64:r=10:d=2", options=("-c:v", "libx264", *groups))
    with pytest.raises(CompressionFailed, match="other pictures"):
        await remux_of(source)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("color=black:s=64x64:r=5:d=1[b];color=red:s=64x64:r=5:d=1[r];[b][r]concat", RED),
        ("color=black:s=64x64:r=10:d=1,geq=r='if(gt(N,5),255,0)':g=0:b=0,format=yuv420p", RED),
        ("color=black:s=64x64:r=5:d=1", (0, 0, 0)),
    ],
    ids=["a key frame is lit", "no key frame is lit", "all is black"],
)
async def test_a_poster_shows_something(tmp_path: Path, picture: str, expected: tuple[int, int, int]) -> None:
    """The first picture that is not black, wherever it is; black if there is no other."""
    coding = (*H264, "-g", "5" if "concat" in picture else "100", "-sc_threshold", "0")
    source = film(tmp_path / "source.mp4", picture, options=coding)
    media = await FFmpegTranscoder().probe(source)
    await FFmpegTranscoder().poster(source, tmp_path / "poster.jpg", media=media)
    assert pixel(tmp_path / "poster.jpg") == pytest.approx(expected, abs=2 * NEAR)


async def test_pictures_of_a_video_have_its_colours(tmp_path: Path) -> None:
    """JPEG always uses BT.601, large videos do not."""
    coding = (*H264, "-vf", "scale=out_color_matrix=bt709", "-pix_fmt", "yuv420p", "-colorspace", "bt709")
    source = film(tmp_path / "source.mp4", "color=0x20c040:s=1280x720:r=5:d=0.4", options=coding)
    poster, storyboard = tmp_path / "poster.jpg", tmp_path / "storyboard.jpg"
    media = await FFmpegTranscoder().probe(source)
    await FFmpegTranscoder().poster(source, poster, media=media)
    sheet = storyboard_sheet(media.width, media.height, media.duration_s)
    await FFmpegTranscoder().storyboard(source, storyboard, media=media, sheet=sheet)
    for drawn in (poster, storyboard):
        assert pixel(drawn) == pytest.approx((0x20, 0xC0, 0x40), abs=2 * NEAR)


async def test_a_storyboard_shows_each_moment_in_its_place(tmp_path: Path) -> None:
    """Two seconds each of red, green and blue: three tiles."""
    colours = ("red", "lime", "blue")
    parts = ";".join(f"color={colour}:s=64x48:r=5:d=2[{colour}]" for colour in colours)
    source = film(
        tmp_path / "source.mp4",
        f"{parts};[red][lime][blue]concat=n=3",
        options=(*H264, "-g", "10", "-pix_fmt", "yuv420p"),
    )
    media = await FFmpegTranscoder().probe(source)
    sheet = storyboard_sheet(media.width, media.height, media.duration_s)
    target = tmp_path / "storyboard.jpg"
    await FFmpegTranscoder().storyboard(source, target, media=media, sheet=sheet)
    assert (stream(target)["width"], stream(target)["height"]) == (3 * 64, 48)
    for number, colour in enumerate([RED, (0, 255, 0), (0, 0, 255)]):
        assert pixel(target, crop=f"4:4:{number * 64 + 30}:20") == pytest.approx(colour, abs=3 * NEAR)


async def test_a_truncated_source_has_pictures(tmp_path: Path) -> None:
    """Such a source is played, and its last tiles are repeated."""
    source = damaged.cut(tmp_path / "source.mp4", 0.5)
    media = await FFmpegTranscoder().probe(source)
    sheet = storyboard_sheet(media.width, media.height, media.duration_s)
    poster, storyboard = tmp_path / "poster.jpg", tmp_path / "storyboard.jpg"
    await FFmpegTranscoder().poster(source, poster, media=media)
    await FFmpegTranscoder().storyboard(source, storyboard, media=media, sheet=sheet)
    assert (stream(poster)["width"], stream(storyboard)["width"]) == (96, sheet.columns * sheet.tile_width)


async def test_a_tile_is_repeated_where_there_is_no_key_frame(tmp_path: Path) -> None:
    """A remuxed source may have few key frames; no tile is empty."""
    source = film(tmp_path / "source.mp4", "color=red:s=64x48:r=5:d=5", options=(*H264, "-g", "1000"))
    media = await FFmpegTranscoder().probe(source)
    sheet = storyboard_sheet(media.width, media.height, media.duration_s)
    target = tmp_path / "storyboard.jpg"
    await FFmpegTranscoder().storyboard(source, target, media=media, sheet=sheet)
    assert sheet.tile_count == 3
    assert pixel(target, crop="4:4:158:20") == pytest.approx(RED, abs=3 * NEAR)


async def test_a_picture_track_that_stops_early_is_noticed(tmp_path: Path) -> None:
    """The sound continues, so the container has its full duration."""
    source = film(tmp_path / "source.mkv", "testsrc2=s=64x64:r=5:d=4", "sine=440:d=4", options=(*H264, "-c:a", "aac"))
    short = film(tmp_path / "short.mp4", "testsrc2=s=64x64:r=5:d=2", "sine=440:d=4", options=(*H264, "-c:a", "aac"))
    transcoder = FFmpegTranscoder()
    media, rendition = await transcoder.probe(source), await transcoder.probe(short)
    assert rendition.duration_s == pytest.approx(media.duration_s, abs=0.1)
    with pytest.raises(CompressionFailed) as raised:
        check_rendition(media, rendition)
    assert raised.value.code == "source_truncated"
    await transcoder.remux(source, tmp_path / "remuxed.mp4", media=media, on_progress=ignore)
    check_rendition(media, await transcoder.probe(tmp_path / "remuxed.mp4"))


async def test_a_remux_counts_corrupt_positions(tmp_path: Path) -> None:
    """The pictures of a whole cluster are lost, and the rest is intact."""
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-cluster_time_limit", "1000")
    source = film(tmp_path / "source.mkv", "testsrc2=s=96x64:r=10:d=3", options=coding)
    content = source.read_bytes()
    second = content.index(CLUSTER, content.index(CLUSTER) + 1)
    third = content.index(CLUSTER, second + 1)
    transcoder, target = FFmpegTranscoder(), tmp_path / "remuxed.mp4"
    media = await transcoder.probe(source)
    intact = await transcoder.remux(source, target, media=media, on_progress=ignore)
    assert intact.decode_errors == 0
    source.write_bytes(content[:second] + bytes(third - second) + content[third:])
    torn = await transcoder.remux(source, target, media=media, on_progress=ignore)
    assert torn.decode_errors > 0
