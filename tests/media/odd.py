"""Makes videos that are odd in one way and fine in all others."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.media import make
from tests.media.make import CODECS, encoded, ffmpeg, small

PICTURE = "testsrc2=s=96x64:r=10:d=1"
SOUND = "sine=d=1"
H264 = ("-c:v", "libx264", "-preset", "ultrafast")
AAC = ("-c:a", "aac", "-b:a", "48k")


def coded(target: Path, *options: str, picture: str = PICTURE, sound: str | None = SOUND) -> Path:
    """A second of picture and sound, coded like this."""
    return encoded(target, [picture] if sound is None else [picture, sound], options)


def sized(target: Path, size: str) -> Path:
    """A picture of this size, odd as it may be."""
    picture = f"color=red:s=400x400:r=10:d=1,format=rgb24,crop={size.replace('x', ':')}:0:0,format=yuv444p"
    return coded(target, *H264, picture=picture, sound=None)


def lasting(target: Path, duration_s: float, rate: str = "25") -> Path:
    """So long, with so many pictures a second."""
    return coded(target, *H264, picture=f"color=gray:s=64x48:r={rate}:d={duration_s}", sound=None)


def in_fragments(target: Path) -> Path:
    """Without an index of the whole."""
    return coded(target, *H264, *AAC, "-g", "3", "-movflags", "frag_keyframe+empty_moov+default_base_moof")


def encrypted(target: Path) -> Path:
    """By Common Encryption, whose key stays with the shop."""
    key = ("-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb", "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8")
    return coded(target, *H264, *AAC, "-encryption_scheme", "cenc-aes-ctr", *key)


def with_several(target: Path, *, pictures: int, sounds: int) -> Path:
    """So many tracks of each kind, the sounds in languages of their own."""
    plain = small(target.with_name(f"plain-{target.name}"))
    languages = [
        word for n in range(sounds) for word in (f"-metadata:s:a:{n}", f"language={('deu', 'fra', 'eng')[n % 3]}")
    ]
    maps = ["-map", "0:v"] * pictures + ["-map", "0:a"] * sounds
    return ffmpeg(target, "-i", str(plain), *maps, "-c", "copy", *languages)


def at_changing_rates(target: Path) -> Path:
    """Its pictures come now slowly, now fast."""
    rates = "setpts='if(lt(N,10),N*2,20+(N-10)*0.5)/20/TB'"
    sound = "sine=d=2"
    return coded(target, "-vf", rates, "-vsync", "vfr", *H264, *AAC, picture="testsrc2=s=96x64:r=20:d=2", sound=sound)


def slowing_down(target: Path) -> Path:
    """A screen that nothing happens on any more: fast pictures, then one a second; the sound goes on."""
    rates = "setpts='if(lt(N,20),N,20*(N-19))/20/TB'"
    coding = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    picture = "testsrc2=s=96x64:r=20:d=1.3"
    return coded(target, "-vf", rates, "-vsync", "vfr", *coding, *AAC, picture=picture, sound="sine=d=7")


def at_changing_sizes(target: Path) -> Path:
    """A transport stream whose picture grows in the middle."""
    small_first = coded(target.with_name("first.ts"), *H264, *AAC)
    then = ("-output_ts_offset", "1")
    large_then = coded(target.with_name("then.ts"), *H264, *AAC, *then, picture="testsrc2=s=160x120:r=10:d=1")
    target.write_bytes(small_first.read_bytes() + large_then.read_bytes())
    return target


def with_gap(target: Path) -> Path:
    """Three seconds are missing in the middle, as after a lost connection."""
    gap = "setpts='PTS+if(gt(N,5),3/TB,0)'"
    heard = "asetpts='PTS+if(gt(T,0.5),3/TB,0)'"
    return coded(target, "-vf", gap, "-af", heard, "-vsync", "vfr", *H264, *AAC)


def from_before_zero(target: Path) -> Path:
    """Its first times are negative."""
    return coded(target, *H264, "-bf", "2", *AAC, "-output_ts_offset", "-0.4", "-avoid_negative_ts", "disabled")


def trimmed(target: Path) -> Path:
    """An edit list leaves out the first half of what is in the file."""
    whole = coded(target.with_name(f"whole-{target.name}"), *H264, "-g", "50", *AAC)
    return ffmpeg(target, "-ss", "0.5", "-i", str(whole), "-c", "copy")


def in_hdr(target: Path, transfer: str) -> Path:
    """Ten bits, BT.2020, brightness as told."""
    tags = ("-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", transfer)
    return coded(target, *H264, "-pix_fmt", "yuv420p10le", *tags, sound=None)


def in_sound_of(target: Path, layout: str, rate_hz: int, codec: Sequence[str]) -> Path:
    """So many channels and samples."""
    sound = f"anoisesrc=d=1:r={rate_hz}:a=0.2,aformat=channel_layouts={layout}"
    return coded(target, *H264, *codec, "-ar", str(rate_hz), sound=sound)


def turned(target: Path) -> Path:
    """To be shown on its side."""
    upright = small(target.with_name(f"upright-{target.name}"))
    return ffmpeg(target, "-i", str(upright), "-c", "copy", "-metadata:s:v", "rotate=90")


def with_cover_alone(target: Path) -> Path:
    """A song with its cover, which is a picture that does not play."""
    cover = encoded(target.with_suffix(".jpg"), ["color=red:s=64x64:d=0.1"], ["-frames:v", "1", "-update", "1"])
    song = encoded(target.with_suffix(".m4a"), [SOUND], [*AAC])
    maps = ("-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic")
    return ffmpeg(target, "-i", str(song), "-i", str(cover), *maps)


def in_container(target: Path) -> Path:
    """Plain, in the container that its name says."""
    return encoded(target, [PICTURE.replace("r=10", "r=25"), SOUND], CODECS[target.suffix])


def with_sounds_of_other_lengths(target: Path, sound_s: float) -> Path:
    """The sound ends earlier or later than the picture."""
    return coded(target, *H264, *AAC, sound=f"sine=d={sound_s}")


def interlaced(target: Path) -> Path:
    """Two half pictures in each, as from a tape."""
    return coded(target, "-vf", "interlace", "-flags", "+ilme+ildct", "-c:v", "mpeg2video", "-c:a", "mp2", "-r", "25")


def anamorphic(target: Path) -> Path:
    """Its pixels are wider than high."""
    return coded(target, "-vf", "setsar=16/11", *H264, *AAC)


def tiny_already(target: Path) -> Path:
    """Nothing that we make would be smaller."""
    return coded(target, "-c:v", "libx264", "-crf", "45", "-b:a", "16k", "-c:a", "aac", "-movflags", "+faststart")


def recorded_by_browser(target: Path) -> Path:
    """Without its duration: the muxer could not go back to write it."""
    sources = ("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND)
    with target.open("wb") as output:
        command = make.command(*sources, *CODECS[".webm"], "-f", "webm", "-live", "1", "pipe:1")
        subprocess.run(command, check=True, stdout=output)
    return target
