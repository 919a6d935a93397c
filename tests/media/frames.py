"""Makes videos whose picture changes on the way, and videos with absurd side data about their picture."""

import struct
from collections.abc import Sequence
from pathlib import Path

from tests.media.make import encoded, ffmpeg
from tests.media.odd import H264
from tests.media.surgery import changed, find, without_frame_duration

MPEG2 = ("-c:v", "mpeg2video", "-q:v", "3")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M")
TEN_BITS = "yuv420p10le"
SDR = ("bt709", "bt709", "bt709")
PQ = ("bt2020nc", "bt2020", "smpte2084")
# A white square of 40 x 40 in the middle of green, so that its sides show whether the picture is stretched.
_SQUARE = "drawbox=x=(iw-40/{aspect})/2:y=(ih-40)/2:w=40/{aspect}:h=40:color=white:t=fill"

GREY = "color=0x808080:s=160x120:r=10:d=2"

Part = tuple[str, Sequence[str]]
"""The lavfi source and the coding of a part of a video."""


def marked(size: str, duration_s: float, *, rate: int = 25, aspect: float = 1.0) -> str:
    """A source with a white square, displayed as a square if the pixels have this aspect."""
    return f"color=0x208020:s={size}:r={rate}:d={duration_s},{_SQUARE.format(aspect=aspect)},setsar={aspect}"


def in_a_row(target: Path, *parts: Part, starts_s: Sequence[float]) -> Path:
    """A transport stream of these parts, each with its own start."""
    paths = [target.with_name(f"part-{number}.ts") for number in range(len(parts))]
    for path, (source, coding), start_s in zip(paths, parts, starts_s, strict=True):
        encoded(path, [source], [*coding, "-output_ts_offset", str(start_s)])
    target.write_bytes(b"".join(path.read_bytes() for path in paths))
    return target


def in_one_track(target: Path, *parts: Part) -> Path:
    """One track whose packets are those of these parts."""
    names = [f"part-{number}{target.suffix}" for number in range(len(parts))]
    for name, (source, coding) in zip(names, parts, strict=True):
        encoded(target.with_name(name), [source], coding)
    playlist = target.with_name("parts.txt")
    playlist.write_text("".join(f"file {name}\n" for name in names))
    return ffmpeg(target, "-f", "concat", "-i", str(playlist), "-c", "copy")


def growing(target: Path) -> Path:
    """A WebRTC recording that starts small."""
    return in_one_track(target, (marked("160x120", 2), VP8), (marked("320x180", 3), VP8))


def switching(target: Path) -> Path:
    """Television that switches from 4:3 to 16:9, with the same number of pixels."""
    narrow, wide = marked("180x144", 2, aspect=16 / 15), marked("180x144", 3, aspect=64 / 45)
    return in_a_row(target, (narrow, MPEG2), (wide, MPEG2), starts_s=(0, 2))


def turned_midway(target: Path) -> Path:
    """A phone that is turned during the recording."""
    return in_a_row(target, (marked("320x180", 2), H264), (marked("180x320", 1.4), H264), starts_s=(0, 2))


def with_stray_frame(target: Path) -> Path:
    """One larger frame in the middle."""
    sizes = (("160x120", 1.0), ("320x240", 0.04), ("160x120", 2.0))
    return in_a_row(target, *((marked(size, length), H264) for size, length in sizes), starts_s=(0, 1, 1.04))


def becoming_interlaced(target: Path) -> Path:
    """Progressive frames, then interlaced ones of a moving bar."""
    moving = "color=black:s=320x240:r=50:d=2,geq=lum='if(between(X,N*4,N*4+40),235,16)':cb=128:cr=128"
    fields = f"{moving},tinterlace=interleave_top,setfield=tff"
    coding = ("-flags", "+ilme+ildct", *MPEG2)
    return in_a_row(target, ("color=gray:s=320x240:r=25:d=1", MPEG2), (fields, coding), starts_s=(0, 1))


def becoming_hdr(target: Path, *, first_format: str = TEN_BITS) -> Path:
    """Two seconds of grey in the standard range, and two seconds of the same code values in PQ."""
    return in_a_row(target, in_colours(GREY, first_format, SDR), in_colours(GREY, TEN_BITS, PQ), starts_s=(0, 2))


def in_colours(source: str, pixel_format: str, tags: tuple[str, str, str]) -> Part:
    """A source with these tags for matrix, primaries and transfer.

    Old versions of ffmpeg take them from the encoder's options, new ones from the frames.
    """
    matrix, primaries, transfer = tags
    frames = f"setparams=colorspace={matrix}:color_primaries={primaries}:color_trc={transfer}"
    options = ("-colorspace", matrix, "-color_primaries", primaries, "-color_trc", transfer)
    return f"{source},format={pixel_format},{frames}", (*H264, "-pix_fmt", pixel_format, *options)


def becoming_transparent(target: Path) -> Path:
    """A second of opaque red, and two seconds of transparent red."""
    opaque = ("color=red:s=64x64:r=10:d=1", ("-c:v", "prores_ks", "-profile:v", "2"))
    clear = ("color=red@0.0:s=64x64:r=10:d=2,format=yuva444p10le", ("-c:v", "prores_ks", "-profile:v", "4444"))
    return in_one_track(target, opaque, clear)


def changing_each_frame(target: Path, *, count: int = 40) -> Path:
    """Motion JPEG whose frames all have different sizes."""
    frames = [target.with_name(f"{number}.jpg") for number in range(count)]
    for number, frame in enumerate(frames):
        encoded(frame, [f"color=red:s={64 + 2 * number}x{64 + 2 * number}:r=10:d=0.1"], ["-frames:v", "1"])
    joined = target.with_name("frames.mjpeg")
    joined.write_bytes(b"".join(frame.read_bytes() for frame in frames))
    return ffmpeg(target, "-f", "mjpeg", "-framerate", "10", "-i", str(joined), "-c", "copy")


def with_light_levels(target: Path, levels: str, luminance: str) -> Path:
    """PQ with these content light levels and luminances of the mastering display; without them if they are empty."""
    display = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
    stated = f":master-display={display}L({luminance}):max-cll={levels}" if levels else ""
    colours = "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    coding = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", colours + stated)
    return encoded(target, ["color=0x808080:s=128x96:r=10:d=0.5"], coding)


def with_matrix(target: Path, number: int, *, is_noisy: bool = False) -> Path:
    """H.264 that states this colour matrix (ISO/IEC 23091-2); with noise it is too large to be copied."""
    noise = ",noise=alls=20:allf=t" if is_noisy else ""
    coding = (*H264, "-bsf:v", f"h264_metadata=matrix_coefficients={number}")
    return encoded(target, [marked("160x120", 1) + noise], coding)


def with_display_matrix(target: Path, *numbers: float) -> Path:
    """A display matrix with these four numbers: the first two columns of its first two rows."""
    encoded(target, [f"{marked('160x120', 1)},drawbox=w=80:h=60:color=red:t=fill"], H264)
    right, across, down, low = (round(number * 65536) for number in numbers)
    matrix = struct.pack(">9i", right, across, 0, down, low, 0, 0, 0, 1 << 30)
    return changed(target, lambda content: _write(content, find(content, "moov", "trak", "tkhd").content + 40, matrix))


def with_crop(target: Path, *, left: int, right: int, top: int, bottom: int) -> Path:
    """A Matroska file that states a crop, in its video track."""
    encoded(target, [marked("160x120", 1)], [*H264, "-f", "matroska", "-live", "1"])
    sides = {0x54AA: bottom, 0x54BB: top, 0x54CC: left, 0x54DD: right}
    crop = b"".join(struct.pack(">HBH", element, 0x82, pixels) for element, pixels in sides.items())
    return changed(target, lambda content: _inserted(content, _VIDEO_PATH, crop))


def recorded_unevenly(target: Path) -> Path:
    """A browser's recording: 24 frames a second on average, at uneven milliseconds, and no frame rate in its header."""
    uneven = "settb=1/1000,setpts=if(eq(N\\,0)\\,0\\,PREV_OUTPTS+25+mod(N*7\\,33))"
    source = f"testsrc2=s=160x120:r=25:d=4,{uneven}"
    return without_frame_duration(
        encoded(target, [source], [*VP8, "-fps_mode", "passthrough", "-enc_time_base", "1:1000"])
    )


def with_fast_frames(target: Path, rate: str, duration_s: float) -> Path:
    """A video with this many frames per second, whose brightness rises with each frame."""
    source = f"color=black:s=64x48:r={rate}:d={duration_s},geq=lum='16+mod(N,200)':cb=128:cr=128"
    return encoded(target, [source], [*H264, "-qp", "0"])


_VIDEO_PATH = (b"\x18\x53\x80\x67", b"\x16\x54\xae\x6b", b"\xae", b"\xe0")


def _write(content: bytearray, start: int, replacement: bytes) -> None:
    content[start : start + len(replacement)] = replacement


def _inserted(content: bytearray, path: Sequence[bytes], extra: bytes) -> bytes:
    """The content with more bytes at the end of a Matroska element; the sizes of all its parents grow.

    The segment, the first parent, has no size, because the file was written as a live stream.
    """
    start, end = 0, len(content)
    sizes: list[tuple[int, int, int]] = []
    for wanted in path:
        position = start
        while True:
            element, width = _number(content, position, keeps_marker=True)
            size_bytes, size_width = _number(content, position + width)
            body = position + width + size_width
            if element == int.from_bytes(wanted, "big"):
                break
            position = body + size_bytes
        sizes.append((position + width, size_width, size_bytes))
        start, end = body, body + size_bytes
    made = bytearray(content)
    made[end:end] = extra
    grown = len(extra)
    for place, size_width, size_bytes in reversed(sizes[1:]):
        made[place : place + size_width] = (1 << 56 | size_bytes + grown).to_bytes(8, "big")
        grown += 8 - size_width
    return bytes(made)


def _number(content: bytearray, position: int, *, keeps_marker: bool = False) -> tuple[int, int]:
    """A number of variable width, and its width in bytes."""
    width = 9 - content[position].bit_length()
    number = int.from_bytes(content[position : position + width], "big")
    return (number if keeps_marker else number & ~(1 << 7 * width)), width
