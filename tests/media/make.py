"""Makes small media files with ffmpeg: valid ones of many kinds, and bad ones."""

import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.media.surgery import turned

DURATION_S = 3.0
SENTENCE = "The quick brown fox jumps over the lazy dog."

Script = Callable[[Path, Path], Path]
"""Makes a text file that refers to another file."""

CODECS: dict[str, tuple[str, ...]] = {
    ".mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
    ".m4v": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
    ".mov": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le"),
    ".mkv": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"),
    ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    ".avi": ("-c:v", "mpeg4", "-c:a", "libmp3lame"),
    ".mpg": ("-c:v", "mpeg1video", "-c:a", "mp2"),
    ".mpeg": ("-c:v", "mpeg2video", "-c:a", "mp2"),
    ".ts": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
    ".flv": ("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100"),
    ".ogv": ("-c:v", "libtheora", "-c:a", "libvorbis"),
    ".3gp": ("-c:v", "h263", "-s", "352x288", "-c:a", "aac"),
}
EXTENSIONS = tuple(CODECS)


def video(
    target: Path,
    *,
    duration_s: float = DURATION_S,
    width: int = 320,
    height: int = 240,
    frame_rate: int = 25,
    sound: str | None = "speech",
    options: Sequence[str] = (),
) -> Path:
    """A moving test picture in the container that the extension names; `sound` is speech, silence or a lavfi source."""
    picture = f"testsrc2=s={width}x{height}:r={frame_rate}:d={duration_s}"
    sources = [picture] if sound is None else [picture, _sound(sound)]
    padding = () if sound is None else ("-af", f"apad=whole_dur={duration_s}", "-t", str(duration_s))
    return encoded(target, sources, [*padding, *CODECS[target.suffix], *options])


def small(target: Path) -> Path:
    """One second of a tiny picture and a tone, in the codecs of the container."""
    return encoded(target, ["testsrc2=s=96x64:r=10:d=1", "sine=d=1"], CODECS[target.suffix])


def tones(intervals: Iterable[tuple[float, float]]) -> str:
    """An audio source that is audible only in these intervals, in seconds."""
    audible = "+".join(f"between(t,{start_s},{end_s})" for start_s, end_s in intervals) or "0"
    return f"aevalsrc='0.4*sin(880*PI*t)*({audible})':s=48000"


def rotated(target: Path) -> Path:
    """Stored as 320 x 240, with metadata that rotates it by 90 degrees, as phones write it."""
    return turned(video(target))


def truncated(target: Path) -> Path:
    """A fast-start MP4 without its second half; its index still has the full duration."""
    whole = video(target.with_name(f"whole-{target.name}"), options=("-movflags", "+faststart", "-b:v", "800k"))
    content = whole.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


def headless(target: Path) -> Path:
    """An MP4 without its second half, and so without the index at its end."""
    whole = video(target.with_name(f"whole-{target.name}"))
    content = whole.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


def text(target: Path) -> Path:
    """Plain text."""
    target.write_text("These are words, whatever the name of the file says.\n" * 20)
    return target


def playlist(target: Path, entry: Path) -> Path:
    """An HLS playlist that refers to another local file."""
    target.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:{entry.absolute()}\n#EXT-X-ENDLIST\n")
    return target


def concatenation(target: Path, entry: Path) -> Path:
    """An ffconcat script that refers to another local file."""
    target.write_text(f"ffconcat version 1.0\nfile '{entry.absolute()}'\n")
    return target


def without_picture(target: Path) -> Path:
    """Audio only, in a video container."""
    return encoded(target, [tones([(0, 1)])], ["-t", "1", "-c:a", "aac"])


def with_unsupported_codec(target: Path) -> Path:
    """MagicYUV, a codec that is not on the allow-list."""
    return encoded(target, ["testsrc2=s=64x64:d=0.2"], ["-c:v", "magicyuv"])


def with_too_large_picture(target: Path) -> Path:
    """A frame of 41 million pixels."""
    return encoded(target, ["color=s=8200x5000:r=10:d=0.1"], ["-c:v", "mjpeg"])


def with_many_streams(target: Path, count: int) -> Path:
    """A video track and `count` audio tracks."""
    whole = video(target.with_name(f"one-{target.name}"), duration_s=1, sound=tones([(0, 1)]))
    tracks = [argument for _ in range(count) for argument in ("-map", "0:a")]
    return ffmpeg(target, "-i", str(whole), "-map", "0:v", *tracks, "-c", "copy")


def with_late_sound(target: Path, *, start_s: float, audible_s: float) -> Path:
    """An audio track that starts later than the video, and is audible from its start."""
    picture = f"testsrc2=s=320x240:d={DURATION_S + 1}"
    late = ("-itsoffset", str(start_s), "-f", "lavfi", "-i", f"{tones([(0, audible_s)])}:d={audible_s}")
    return ffmpeg(target, "-f", "lavfi", "-i", picture, *late, *CODECS[target.suffix])


def without_duration(target: Path) -> Path:
    """A WebM without a duration, as browsers record it: the muxer could not seek back to write it."""
    with target.open("wb") as output:
        subprocess.run(
            command(
                *("-f", "lavfi", "-i", "testsrc2=s=320x240:d=2", *CODECS[".webm"]),
                *("-f", "webm", "-live", "1", "pipe:1"),
            ),
            check=True,
            stdout=output,
        )
    return target


def with_cover_art(target: Path) -> Path:
    """Cover art before the video track."""
    whole = video(target.with_name(f"plain-{target.name}"))
    cover = encoded(target.with_suffix(".jpg"), ["color=red:s=64x64:d=0.1"], ["-frames:v", "1"])
    maps = ("-map", "1", "-map", "0", "-c", "copy", "-disposition:v:0", "attached_pic")
    return ffmpeg(target, "-i", str(whole), "-i", str(cover), *maps)


def with_metadata(target: Path, secret: str) -> Path:
    """A title, a location and a chapter, which a rendition must not contain."""
    chapters = target.with_suffix(".txt")
    chapters.write_text(
        f";FFMETADATA1\ntitle={secret}\nlocation={secret}\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle={secret}\n"
    )
    whole = video(target.with_name(f"plain-{target.name}"))
    described = ("-metadata:s:a", f"handler_name={secret}", "-movflags", "use_metadata_tags")
    return ffmpeg(target, "-i", str(whole), "-i", str(chapters), "-map_metadata", "1", "-c", "copy", *described)


def with_subtitles(target: Path) -> Path:
    """A Matroska file with a subtitle track."""
    subtitles = target.with_suffix(".srt")
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    whole = video(target.with_name(f"plain-{target.name}"))
    return ffmpeg(target, "-i", str(whole), "-i", str(subtitles), "-map", "0", "-map", "1", "-c", "copy")


def subtitles_alone(target: Path) -> Path:
    """An MP4 with nothing but subtitles."""
    subtitles = target.with_suffix(".srt")
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    return ffmpeg(target, "-i", str(subtitles), "-c:s", "mov_text")


def hdr(target: Path) -> Path:
    """HDR: 10 bits per channel, BT.2020, PQ transfer."""
    tags = ("-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084")
    coding = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le")
    return encoded(target, ["testsrc2=s=320x240:d=1"], [*coding, *tags])


def _sound(sound: str) -> str:
    if sound == "speech":
        return f"flite=voice=slt:text='{SENTENCE}'"
    return "anullsrc=r=48000:cl=stereo" if sound == "silence" else sound


def encoded(target: Path, sources: Sequence[str], options: Sequence[str]) -> Path:
    """Encode these lavfi sources into the target."""
    inputs = [argument for source in sources for argument in ("-f", "lavfi", "-i", source)]
    return ffmpeg(target, *inputs, *options)


def ffmpeg(target: Path, *arguments: str) -> Path:
    """Run ffmpeg to write the target."""
    subprocess.run(command(*arguments, "-y", str(target)), check=True)
    return target


def command(*arguments: str) -> list[str]:
    """An ffmpeg command line that logs errors only."""
    return ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", *arguments]
