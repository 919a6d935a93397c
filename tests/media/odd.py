"""Makes videos that are unusual in one way and valid otherwise."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.media import make, surgery
from tests.media.make import CODECS, encoded, ffmpeg, small

PICTURE = "testsrc2=s=96x64:r=10:d=1"
SOUND = "sine=d=1"
H264 = ("-c:v", "libx264", "-preset", "ultrafast")
AAC = ("-c:a", "aac", "-b:a", "48k")


def coded(target: Path, *options: str, picture: str = PICTURE, sound: str | None = SOUND) -> Path:
    """One second of video and audio, encoded with these options."""
    return encoded(target, [picture] if sound is None else [picture, sound], options)


def sized(target: Path, size: str) -> Path:
    """A video of this frame size, which may be odd."""
    picture = f"color=red:s=400x400:r=10:d=1,format=rgb24,crop={size.replace('x', ':')}:0:0,format=yuv444p"
    return coded(target, *H264, picture=picture, sound=None)


def lasting(target: Path, duration_s: float, rate: str = "25") -> Path:
    """A video of this duration and frame rate."""
    return coded(target, *H264, picture=f"color=gray:s=64x48:r={rate}:d={duration_s}", sound=None)


def in_fragments(target: Path) -> Path:
    """A fragmented MP4, which has no index of the whole file."""
    return coded(target, *H264, *AAC, "-g", "3", "-movflags", "frag_keyframe+empty_moov+default_base_moof")


def encrypted(target: Path) -> Path:
    """A video under Common Encryption, as stores sell them; the reader has no key."""
    key = ("-encryption_key", "76a6c65c5ea762046bd749a2e632ccbb", "-encryption_kid", "a7e61c373e219033c21091fa607bf3b8")
    return coded(target, *H264, *AAC, "-encryption_scheme", "cenc-aes-ctr", *key)


def with_several(target: Path, *, pictures: int, sounds: int) -> Path:
    """This many video and audio tracks; the audio tracks have different languages."""
    plain = small(target.with_name(f"plain-{target.name}"))
    languages = [
        word for n in range(sounds) for word in (f"-metadata:s:a:{n}", f"language={('deu', 'fra', 'eng')[n % 3]}")
    ]
    maps = ["-map", "0:v"] * pictures + ["-map", "0:a"] * sounds
    return ffmpeg(target, "-i", str(plain), *maps, "-c", "copy", *languages)


def at_changing_rates(target: Path) -> Path:
    """A variable frame rate: slow frames, then fast ones."""
    rates = "setpts='if(lt(N,10),N*2,20+(N-10)*0.5)/20/TB'"
    sound = "sine=d=2"
    return coded(
        target, "-vf", rates, "-fps_mode", "vfr", *H264, *AAC, picture="testsrc2=s=96x64:r=20:d=2", sound=sound
    )


def slowing_down(target: Path) -> Path:
    """A screen recording that becomes static: fast frames, then one per second; the audio goes on."""
    rates = "setpts='if(lt(N,20),N,20*(N-19))/20/TB'"
    coding = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv444p")
    picture = "testsrc2=s=96x64:r=20:d=1.3"
    return coded(target, "-vf", rates, "-fps_mode", "vfr", *coding, *AAC, picture=picture, sound="sine=d=7")


def at_changing_sizes(target: Path) -> Path:
    """A transport stream whose frame size grows in the middle."""
    small_first = coded(target.with_name("first.ts"), *H264, *AAC)
    then = ("-output_ts_offset", "1")
    large_then = coded(target.with_name("then.ts"), *H264, *AAC, *then, picture="testsrc2=s=160x120:r=10:d=1")
    target.write_bytes(small_first.read_bytes() + large_then.read_bytes())
    return target


def with_gap(target: Path) -> Path:
    """Three seconds are missing in the middle, as after a lost connection."""
    gap = "setpts='PTS+if(gt(N,5),3/TB,0)'"
    audio_gap = "asetpts='PTS+if(gt(T,0.5),3/TB,0)'"
    return coded(target, "-vf", gap, "-af", audio_gap, "-fps_mode", "vfr", *H264, *AAC)


def from_before_zero(target: Path) -> Path:
    """The first timestamps are negative."""
    return coded(target, *H264, "-bf", "2", *AAC, "-output_ts_offset", "-0.4", "-avoid_negative_ts", "disabled")


def trimmed(target: Path) -> Path:
    """An edit list skips the first half of the content."""
    whole = coded(target.with_name(f"whole-{target.name}"), *H264, "-g", "50", *AAC)
    return ffmpeg(target, "-ss", "0.5", "-i", str(whole), "-c", "copy")


def in_hdr(target: Path, transfer: str) -> Path:
    """HDR: 10 bits per channel, BT.2020, with this transfer function."""
    tags = ("-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", transfer)
    return coded(target, *H264, "-pix_fmt", "yuv420p10le", *tags, sound=None)


def in_sound_of(target: Path, layout: str, rate_hz: int, codec: Sequence[str]) -> Path:
    """Audio with this channel layout, sample rate and codec."""
    sound = f"anoisesrc=d=1:r={rate_hz}:a=0.2,aformat=channel_layouts={layout}"
    return coded(target, *H264, *codec, "-ar", str(rate_hz), sound=sound)


def turned(target: Path) -> Path:
    """Rotated by 90 degrees in its metadata."""
    return surgery.turned(small(target))


def with_cover_alone(target: Path) -> Path:
    """An audio file with cover art, which is a still picture."""
    cover = encoded(target.with_suffix(".jpg"), ["color=red:s=64x64:d=0.1"], ["-frames:v", "1", "-update", "1"])
    song = encoded(target.with_suffix(".m4a"), [SOUND], [*AAC])
    maps = ("-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0", "attached_pic")
    return ffmpeg(target, "-i", str(song), "-i", str(cover), *maps)


def in_container(target: Path) -> Path:
    """An ordinary video in the container of the extension."""
    return encoded(target, [PICTURE.replace("r=10", "r=25"), SOUND], CODECS[target.suffix])


def with_sounds_of_other_lengths(target: Path, sound_s: float) -> Path:
    """The audio ends earlier or later than the video."""
    return coded(target, *H264, *AAC, sound=f"sine=d={sound_s}")


def interlaced(target: Path) -> Path:
    """Interlaced: two fields per frame, as from a tape."""
    return coded(target, "-vf", "interlace", "-flags", "+ilme+ildct", "-c:v", "mpeg2video", "-c:a", "mp2", "-r", "25")


def anamorphic(target: Path) -> Path:
    """Pixels that are wider than high."""
    return coded(target, "-vf", "setsar=16/11", *H264, *AAC)


def tiny_already(target: Path) -> Path:
    """Encoded so small that a rendition would not be smaller."""
    return coded(target, "-c:v", "libx264", "-crf", "45", "-b:a", "16k", "-c:a", "aac", "-movflags", "+faststart")


def recorded_by_browser(target: Path) -> Path:
    """A WebM without a duration: the muxer could not seek back to write it."""
    sources = ("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND)
    with target.open("wb") as output:
        command = make.command(*sources, *CODECS[".webm"], "-f", "webm", "-live", "1", "pipe:1")
        subprocess.run(command, check=True, stdout=output)
    return target
