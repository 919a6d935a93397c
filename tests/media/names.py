"""Makes small valid files of the containers and codecs of cameras, discs, editors and recorders."""

import random
from collections.abc import Mapping
from pathlib import Path

from tests.media.make import encoded, ffmpeg

PICTURE = "testsrc2=s=96x64:r=25:d=1"
PAL = "testsrc2=s=720x576:r=25:d=0.4,setsar=16/15"
NTSC = "testsrc2=s=720x480:r=30000/1001:d=0.4,setsar=8/9"
TONE = "sine=d=1"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
MPEG2 = ("-c:v", "mpeg2video")
AC3 = ("-c:a", "ac3")
PCM = ("-c:a", "pcm_s16le", "-ar", "48000", "-ac", "2")
MJPEG = ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p")
DV = ("-c:v", "dvvideo", "-pix_fmt", "yuv420p", *PCM)

FILMS: Mapping[str, tuple[str, ...]] = {
    # Containers: what a camera, a disc or a broadcast calls its file.
    "avchd.mts": (*H264, *AC3, "-f", "mpegts", "-mpegts_m2ts_mode", "1"),
    "disc.m2ts": (*H264, "-c:a", "pcm_bluray", "-ar", "48000", "-ac", "2", "-f", "mpegts", "-mpegts_m2ts_mode", "1"),
    "hdv.m2t": (*MPEG2, "-c:a", "mp2", "-f", "mpegts"),
    "camera.tod": (*MPEG2, "-c:a", "mp2", "-f", "mpegts"),
    "disc.vob": (*MPEG2, *AC3, "-f", "vob"),
    "camera.mod": (*MPEG2, *AC3, "-f", "dvd"),
    "phone.3g2": ("-c:v", "mpeg4", "-c:a", "aac", "-f", "3g2"),
    "camera.qt": (*H264, "-c:a", "aac", "-f", "mov"),
    "flash.f4v": (*H264, "-c:a", "aac", "-f", "mp4"),
    "film.divx": ("-c:v", "mpeg4", "-c:a", "libmp3lame", "-f", "avi"),
    "broadcast.mxf": (*MPEG2, "-pix_fmt", "yuv422p", *PCM, "-f", "mxf"),
    "windows.wmv": ("-c:v", "wmv2", "-c:a", "wmav2", "-f", "asf"),
    "windows.asf": ("-c:v", "wmv1", "-c:a", "wmav1", "-f", "asf"),
    # Codecs, in the container where they are most often found.
    "dnxhr.mov": ("-c:v", "dnxhd", "-profile:v", "dnxhr_lb", "-pix_fmt", "yuv422p", "-s", "256x144", *PCM),
    "animation.mov": ("-c:v", "qtrle", "-pix_fmt", "rgb24", "-c:a", "adpcm_ima_qt"),
    "cinepak.mov": ("-c:v", "cinepak", "-c:a", "pcm_s8"),
    "v210.mov": ("-c:v", "v210", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24be"),
    "float.mov": (*MJPEG, "-c:a", "pcm_f64be"),
    "float.mkv": (*H264, "-c:a", "pcm_f32le"),
    "integer.mov": (*MJPEG, "-c:a", "pcm_s32be"),
    "alaw.mov": (*MJPEG, "-c:a", "pcm_alaw"),
    "unsigned.mov": (*MJPEG, "-c:a", "pcm_u8"),
    "huffyuv.avi": ("-c:v", "huffyuv", "-pix_fmt", "yuv422p", "-c:a", "adpcm_ima_wav"),
    "ffvhuff.avi": ("-c:v", "ffvhuff", "-pix_fmt", "yuv420p", "-c:a", "adpcm_ms"),
    "utvideo.avi": ("-c:v", "utvideo", "-pix_fmt", "yuv422p", "-c:a", "adpcm_yamaha"),
    "crunched.avi": ("-c:v", "msvideo1", "-pix_fmt", "rgb555le", "-c:a", "pcm_u8"),
    "uncompressed.avi": ("-c:v", "rawvideo", "-pix_fmt", "yuv420p", "-c:a", "pcm_s24le"),
    "rgb.avi": ("-c:v", "rawvideo", "-pix_fmt", "bgr24", "-c:a", "pcm_mulaw"),
    "ffv1-archive.mkv": ("-c:v", "ffv1", "-level", "3", "-pix_fmt", "yuv422p10le", "-c:a", "flac"),
    "ffv1-old.avi": ("-c:v", "ffv1", "-level", "1", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le"),
    "truehd.mkv": (*H264, "-strict", "-2", "-c:a", "truehd", "-ar", "48000", "-ac", "2"),
    "mlp.mkv": (*H264, "-strict", "-2", "-c:a", "mlp", "-ar", "48000", "-ac", "2"),
    "truehd.m2ts": (
        *(*H264, "-strict", "-2", "-c:a", "truehd", "-ar", "48000", "-ac", "2"),
        *("-f", "mpegts", "-mpegts_m2ts_mode", "1"),
    ),
    "dvd-pcm.vob": (*MPEG2, "-c:a", "pcm_dvd", "-ar", "48000", "-ac", "2", "-f", "vob"),
    "speex.ogv": ("-c:v", "libtheora", "-c:a", "libspeex", "-ar", "16000", "-ac", "1", "-f", "ogg"),
    "speex.flv": ("-c:v", "flv", "-c:a", "libspeex", "-ar", "16000", "-ac", "1"),
    "webcam.flv": ("-c:v", "flv", "-c:a", "nellymoser", "-ar", "22050", "-ac", "1"),
    "adpcm.flv": ("-c:v", "flv", "-c:a", "adpcm_swf", "-ar", "22050"),
}
TAPES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pal.dv": (PAL, (*DV, "-f", "dv")),
    "ntsc.dv": (NTSC, ("-c:v", "dvvideo", "-pix_fmt", "yuv411p", *PCM, "-f", "dv")),
    "tape.avi": (PAL, DV),
    "tape.mov": (PAL, DV),
}
SONGS: Mapping[str, tuple[str, ...]] = {
    "song.mp3": ("-c:a", "libmp3lame"),
    "song.mp2": ("-c:a", "mp2", "-f", "mp2"),
    "book.m4a": ("-c:a", "aac"),
    "stream.aac": ("-c:a", "aac", "-f", "adts"),
    "take.wav": ("-c:a", "pcm_s16le"),
    "long.wav": ("-c:a", "pcm_s24le", "-rf64", "always"),
    "take.w64": ("-c:a", "pcm_s16le"),
    "album.flac": ("-c:a", "flac"),
    "song.ogg": ("-c:a", "libvorbis"),
    "song.oga": ("-c:a", "flac", "-f", "oga"),
    "voice.opus": ("-c:a", "libopus"),
    "voice.spx": ("-c:a", "libspeex", "-ar", "16000", "-ac", "1"),
    "song.wma": ("-c:a", "wmav2", "-f", "asf"),
    "take.aiff": ("-c:a", "pcm_s16be"),
    "take.aif": ("-c:a", "pcm_s24be", "-f", "aiff"),
    "memo.caf": ("-c:a", "pcm_s16le"),
    "song.mka": ("-c:a", "libvorbis", "-f", "matroska"),
    "voice.weba": ("-c:a", "libopus", "-f", "webm"),
    "track.ac3": ("-c:a", "ac3"),
    "track.eac3": ("-c:a", "eac3"),
}
VOICES = ("voice.amr", "wide.amr")
PHONES = ("phone.3gp", "wide.3gp")

_AMR_FRAMES = 50


def named(target: Path) -> Path:
    """The file that this name stands for."""
    makers = ((FILMS, film), (TAPES, tape), (SONGS, song), (VOICES, voice), (PHONES, phone))
    return next(make for names, make in makers if target.name in names)(target)


def film(target: Path) -> Path:
    """A second of picture and sound in the container and codecs of this name."""
    return encoded(target, [PICTURE, TONE], FILMS[target.name])


def tape(target: Path) -> Path:
    """DV, which has the frame size of a television system."""
    picture, options = TAPES[target.name]
    return encoded(target, [picture, "sine=d=0.4"], options)


def song(target: Path) -> Path:
    """A second of sound alone in the container and codec of this name."""
    return encoded(target, [TONE], SONGS[target.name])


def voice(target: Path) -> Path:
    """Half a second of AMR, narrow-band or wide-band; every arrangement of bits in a frame can be decoded."""
    is_wide = "wide" in target.name
    magic, first, frame_bytes = (b"#!AMR-WB\n", 2 << 3 | 4, 32) if is_wide else (b"#!AMR\n", 7 << 3 | 4, 31)
    dice = random.Random(7)
    frames = (bytes([first]) + dice.randbytes(frame_bytes) for _ in range(_AMR_FRAMES))
    target.write_bytes(magic + b"".join(frames))
    return target


def phone(target: Path) -> Path:
    """A recording of a phone with H.263 or MPEG-4 and AMR sound, narrow-band or wide-band."""
    sound = voice(target.with_suffix(".amr"))
    picture = encoded(target.with_name(f"picture-{target.name}"), [PICTURE], ["-c:v", "mpeg4", "-f", "3gp"])
    return ffmpeg(target, "-i", str(picture), "-i", str(sound), "-c", "copy", "-f", "3gp")
