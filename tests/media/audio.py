"""Makes small files of sound alone, as recorders, shops and editors write them."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.media.make import command, encoded, ffmpeg

SECOND = "sine=d=1:r=48000"
# A melody and noise: enough for the bit rate of a variable-rate encoder to vary.
MUSIC = "aevalsrc='0.3*sin(2*PI*(220+40*floor(4*t))*t)+0.1*(random(0)-0.5)*lt(mod(t,2),1)':d=6:s=44100"
MP3 = ("-c:a", "libmp3lame")
_JUNK = bytes(range(1, 200)) * 4


def recorded(target: Path, *options: str, sound: str = SECOND) -> Path:
    """Sound alone, encoded with these options."""
    return encoded(target, [sound], options)


def with_cover(target: Path, *options: str, sound: str = SECOND) -> Path:
    """A song with its title and its cover, a JPEG of 64 x 64."""
    cover = encoded(target.with_suffix(".jpg"), ["testsrc2=s=64x64:d=0.1"], ["-frames:v", "1", "-update", "1"])
    tags = ("-metadata", "title=A song", "-metadata:s:v", "comment=Cover (front)", "-disposition:v", "attached_pic")
    inputs = ("-f", "lavfi", "-i", sound, "-i", str(cover))
    return ffmpeg(target, *inputs, "-map", "0:a", "-map", "1:v", "-c:v", "copy", *options, *tags)


def with_chapters(target: Path) -> Path:
    """An audio book with two chapters, whose titles are a text track of the MP4."""
    chapters = target.with_suffix(".txt")
    marks = "".join(
        f"[CHAPTER]\nTIMEBASE=1/1\nSTART={start}\nEND={start + 1}\ntitle=Chapter {start + 1}\n" for start in (0, 1)
    )
    chapters.write_text(f";FFMETADATA1\n{marks}")
    inputs = ("-f", "lavfi", "-i", "sine=d=2", "-i", str(chapters))
    return ffmpeg(target, *inputs, "-map", "0:a", "-map_metadata", "1", "-c:a", "aac", "-b:a", "64k")


def variable_without_index(target: Path) -> Path:
    """A variable bit rate without a Xing header: a reader guesses the duration from the first frames."""
    quiet = "volume='if(lt(t,1),0,1)':eval=frame"
    return recorded(target, *MP3, "-q:a", "2", "-write_xing", "0", "-af", quiet, sound=MUSIC)


def after_junk(target: Path) -> Path:
    """An MP3 of a streaming server, which begins within other data."""
    whole = recorded(target.with_name(f"whole-{target.name}"), *MP3, "-write_xing", "0", "-id3v2_version", "0")
    target.write_bytes(_JUNK + whole.read_bytes())
    return target


def joined(target: Path) -> Path:
    """Two recordings in a row, each with its own header."""
    whole = recorded(target.with_name(f"whole-{target.name}"), *MP3)
    target.write_bytes(2 * whole.read_bytes())
    return target


def cut(target: Path, *options: str) -> Path:
    """Only the first half of a file whose header states its whole duration."""
    whole = recorded(target.with_name(f"whole-{target.name}"), *options, sound=MUSIC)
    content = whole.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


def holed(target: Path, *options: str) -> Path:
    """Sound with a hole of zeros in its middle."""
    whole = recorded(target.with_name(f"whole-{target.name}"), *options, sound=MUSIC)
    content = bytearray(whole.read_bytes())
    middle, length = len(content) // 2, len(content) // 4
    content[middle : middle + length] = bytes(length)
    target.write_bytes(content)
    return target


def with_empty_picture(target: Path, *options: str) -> Path:
    """A video track that was declared but never written, and sound."""
    sources = ["testsrc2=s=96x64:r=10:d=1", SECOND]
    return encoded(target, sources, ["-vf", "select=0", *options])


def streamed(target: Path, *options: str) -> Path:
    """Written to a pipe, so that the header states no size and no duration."""
    with target.open("wb") as output:
        subprocess.run(command("-f", "lavfi", "-i", MUSIC, *options, "pipe:1"), check=True, stdout=output)
    return target


def several(target: Path, languages: Sequence[str]) -> Path:
    """An audio track in each of these languages, and no picture."""
    tracks = [
        argument
        for number, language in enumerate(languages)
        for argument in ("-map", "0:a", f"-metadata:s:a:{number}", f"language={language}")
    ]
    return ffmpeg(target, "-f", "lavfi", "-i", SECOND, *tracks, "-c:a", "aac")
