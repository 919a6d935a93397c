"""Makes files whose headers state false durations, whose clocks jump, or that hold several recordings in a row."""

import struct
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.media import make, surgery
from tests.media.make import CODECS, encoded, ffmpeg
from tests.media.surgery import boxes, find

SIZE = "160x120"
_AAC = ("-c:a", "aac", "-b:a", "48k")
_H264 = ("-c:v", "libx264", "-preset", "ultrafast")
_FRAGMENTS = ("-g", "10", "-movflags", "frag_keyframe+empty_moov+default_base_moof")
_OPUS_OGG = ("-c:v", "libtheora", "-c:a", "libopus")


def recording(target: Path, *options: str, duration_s: float = 3, hue: int = 0) -> Path:
    """A recording with picture and sound; `hue` distinguishes it from others of its kind."""
    picture = f"testsrc2=s={SIZE}:r=25:d={duration_s},hue=h={hue}"
    return encoded(target, [picture, f"sine=f={500 + hue}:d={duration_s}"], [*CODECS[target.suffix], *options])


def in_a_row(target: Path, *options: str, count: int = 2) -> Path:
    """The bytes of several recordings one after the other, as `cat` or a recorder that continues a file writes them."""
    parts = [recording(_beside(target, f"{n}-"), *options, duration_s=2 + n, hue=90 * n) for n in range(count)]
    return _joined(target, parts)


def fragments_in_a_row(target: Path) -> Path:
    """Two fragmented MP4 files, each with its own header."""
    return in_a_row(target, *_FRAGMENTS)


def opus_in_a_row(target: Path) -> Path:
    """Two Ogg files with Theora and Opus: a chain of logical streams."""
    return in_a_row(target, *_OPUS_OGG)


def live_in_a_row(target: Path) -> Path:
    """Two WebM recordings of a browser, which state no length."""
    parts = [_streamed(_beside(target, f"{n}-"), duration_s=2 + n, hue=90 * n) for n in range(2)]
    return _joined(target, parts)


def in_other_tracks(target: Path) -> Path:
    """Two transport streams whose packet ids differ: the second has tracks of its own."""
    first = recording(_beside(target, "0-"))
    second = recording(_beside(target, "1-"), "-mpegts_start_pid", "0x300", "-mpegts_pmt_start_pid", "0x1100", hue=90)
    return _joined(target, [first, second])


def with_clock_at(target: Path, offset_s: float) -> Path:
    """A transport stream in two parts; the clock of the second begins at this time."""
    first = recording(_beside(target, "0-"))
    return _joined(target, [first, recording(_beside(target, "1-"), "-output_ts_offset", str(offset_s), hue=90)])


def from_the_middle_of_a_stream(target: Path) -> Path:
    """The header of a live stream in CMAF, and some segments from far after its beginning."""
    folder = target.parent / "segments"
    folder.mkdir(exist_ok=True)
    sources = [f"testsrc2=s={SIZE}:r=25:d=10", "sine=d=10"]
    inputs = [argument for source in sources for argument in ("-f", "lavfi", "-i", source)]
    hls = ("-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "2", "-hls_list_size", "0")
    names = ("-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", str(folder / "%d.m4s"))
    offset = ("-output_ts_offset", "4000")
    ffmpeg(folder / "list.m3u8", *inputs, *_H264, "-g", "50", *_AAC, *offset, *hls, *names)
    return _joined(target, [folder / "init.mp4", *(folder / f"{number}.m4s" for number in (2, 3, 4))])


def split(target: Path) -> Path:
    """The second part of a Matroska file that was split: its times go on from the first part."""
    whole = recording(_beside(target, "whole-"), "-g", "50", duration_s=8)
    parts = target.parent / f"part%d{target.suffix}"
    ffmpeg(parts, "-i", str(whole), "-c", "copy", "-f", "segment", "-segment_time", "4")
    return (target.parent / f"part1{target.suffix}").rename(target)


def with_still_end(target: Path, *, has_sound: bool, slides_s: float = 0.0) -> Path:
    """Two seconds of film as MP4: the index says that the last frame is shown for ten seconds.

    Before the film are two slides, each of them shown for `slides_s`.
    """
    before_s = 2 * slides_s
    times = f"setpts='if(eq(N,50),{before_s + 12},{before_s}*gte(N,2)+{slides_s}*eq(N,1)+T)/TB'"
    sound = [f"sine=d={before_s + 12}"] if has_sound else []
    options = ["-vf", times, "-fps_mode", "vfr", *_H264, "-bf", "0", *_AAC]
    encoded(target, [f"testsrc2=s={SIZE}:r=25:d=2.04", *sound], options)
    return surgery.changed(target, _swap_last_times)


def with_sound_until(target: Path, sound_s: float, picture_s: float) -> Path:
    """Picture and sound end at different times."""
    return encoded(target, [f"testsrc2=s={SIZE}:r=25:d={picture_s}", f"sine=d={sound_s}"], CODECS[target.suffix])


def claiming(target: Path, boxes_to_change: Iterable[str], change: Callable[[int], int]) -> Path:
    """An MP4 whose duration is false in these boxes of its index."""
    recording(target, "-movflags", "+faststart", duration_s=4)

    def overwrite(content: bytearray) -> None:
        places = _durations(content)
        for at in (at for kind in boxes_to_change for at in places[kind]):
            (number,) = struct.unpack_from(">I", content, at)
            struct.pack_into(">I", content, at, min(2**32 - 1, change(number)))

    return surgery.changed(target, overwrite)


def trimmed_on_purpose(target: Path) -> Path:
    """An edit list shows only the last quarter, as a phone trims a video: the rest stays in the file."""
    whole = recording(_beside(target, "whole-"), "-g", "600", "-b:v", "2M", duration_s=8)
    return ffmpeg(target, "-ss", "6", "-i", str(whole), "-c", "copy")


def between_two_key_frames(target: Path) -> Path:
    """A broadcast of which the first key frame is missing, as a recorder begins in the middle of it."""
    content = recording(target, "-g", "25", duration_s=4).read_bytes()
    target.write_bytes(content[188 * 40 :])
    return target


def preallocated(target: Path) -> Path:
    """Zeros behind the recording, as cameras that reserve space leave them."""
    content = recording(target).read_bytes()
    target.write_bytes(content + bytes(len(content)))
    return target


def half_downloaded(target: Path) -> Path:
    """Zeros in place of the second half, as an interrupted download that has reserved its space leaves them."""
    return surgery.zeroed(recording(target, duration_s=6), 0.5, 1.0)


def followed_by_noise(target: Path) -> Path:
    """Bytes behind the recording that are no media of any kind."""
    content = recording(target).read_bytes()
    target.write_bytes(content + bytes((n * n * 31 + n // 7) % 251 for n in range(200_000)))
    return target


def with_large_attachment(target: Path) -> Path:
    """A font of 300 kB, most of the file, in front of the recording."""
    font = target.with_suffix(".ttf")
    font.write_bytes(bytes((n * n * 31 + n // 7) % 251 for n in range(300_000)))
    plain = recording(_beside(target, "plain-"))
    attached = ("-attach", str(font), "-metadata:s:t", "mimetype=application/x-truetype-font")
    return ffmpeg(target, "-i", str(plain), "-c", "copy", *attached)


def _durations(content: bytearray) -> dict[str, list[int]]:
    """The offsets of the 32-bit durations in each kind of box."""
    movie = find(content, "moov")
    tracks = [box for box in boxes(content, movie.content, movie.end) if box.kind == "trak"]
    within = [(track.content, content[track.content : track.end]) for track in tracks]
    return {
        "mvhd": [find(content, "moov", "mvhd").content + 16],
        "tkhd": [at + find(track, "tkhd").content + 20 for at, track in within],
        "mdhd": [at + find(track, "mdia", "mdhd").content + 16 for at, track in within],
        "elst": [at + find(track, "edts", "elst").content + 8 for at, track in within],
    }


def _swap_last_times(content: bytearray) -> None:
    """Exchange the last two entries of the first track's `stts`, one frame each."""
    at = find(content, "moov", "trak", "mdia", "minf", "stbl", "stts").content + 4
    (count,) = struct.unpack_from(">I", content, at)
    one, two = at + 4 + 8 * (count - 2), at + 4 + 8 * (count - 1)
    entries = struct.unpack_from(">II", content, one), struct.unpack_from(">II", content, two)
    if [frames for frames, _ in entries] != [1, 1]:
        raise ValueError(entries)
    struct.pack_into(">II", content, one, *entries[1])
    struct.pack_into(">II", content, two, *entries[0])


def _streamed(target: Path, *, duration_s: float, hue: int) -> Path:
    sources = (f"testsrc2=s={SIZE}:r=25:d={duration_s},hue=h={hue}", f"sine=d={duration_s}")
    inputs = [argument for source in sources for argument in ("-f", "lavfi", "-i", source)]
    with target.open("wb") as output:
        command = make.command(*inputs, *CODECS[".webm"], "-f", "webm", "-live", "1", "pipe:1")
        subprocess.run(command, check=True, stdout=output)
    return target


def _joined(target: Path, parts: Iterable[Path]) -> Path:
    target.write_bytes(b"".join(part.read_bytes() for part in parts))
    return target


def _beside(target: Path, prefix: str) -> Path:
    return target.with_name(f"{prefix}{target.name}")
