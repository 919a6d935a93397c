"""Inputs in the containers and codecs of cameras, discs, tapes, editors and recorders, under their own names."""

from tests.media import names
from tests.media.expected import Input, completed, plain

# Those that the normal tests process too: one of each family of containers.
_FREQUENT = frozenset({"avchd.mts", "disc.vob", "broadcast.mxf", "windows.wmv", "pal.dv", "voice.amr"})
_ODDITIES = {
    "avchd.mts": "AVCHD: packets of 192 bytes, H.264 and AC-3",
    "disc.m2ts": "Blu-ray PCM",
    "hdv.m2t": "HDV: MPEG-2 and MP2",
    "camera.tod": "MPEG-2 of a hard-disk camera",
    "disc.vob": "a DVD: MPEG-2 and AC-3",
    "camera.mod": "a program stream of a hard-disk camera",
    "phone.3g2": "a CDMA phone",
    "camera.qt": "QuickTime under its other extension",
    "flash.f4v": "Flash with H.264",
    "film.divx": "AVI under another extension",
    "broadcast.mxf": "MXF: MPEG-2 4:2:2 and PCM",
    "windows.wmv": "WMV 8 and WMA",
    "windows.asf": "WMV 7 and WMA 1",
    "dnxhr.mov": "DNxHR",
    "animation.mov": "QuickTime Animation and IMA ADPCM",
    "cinepak.mov": "Cinepak and signed 8-bit PCM",
    "v210.mov": "uncompressed 10-bit 4:2:2 and 24-bit PCM",
    "float.mov": "PCM of 64-bit floats",
    "float.mkv": "PCM of 32-bit floats",
    "integer.mov": "32-bit PCM",
    "alaw.mov": "A-law",
    "unsigned.mov": "unsigned 8-bit PCM",
    "huffyuv.avi": "HuffYUV and IMA ADPCM",
    "ffvhuff.avi": "FFVHuff and Microsoft ADPCM",
    "utvideo.avi": "Ut Video and Yamaha ADPCM",
    "crunched.avi": "Microsoft Video 1",
    "uncompressed.avi": "uncompressed 4:2:0",
    "rgb.avi": "uncompressed RGB, upside down, and mu-law",
    "ffv1-archive.mkv": "FFV1 version 3, 10 bits, and FLAC",
    "ffv1-old.avi": "FFV1 version 1",
    "truehd.mkv": "TrueHD",
    "mlp.mkv": "MLP",
    "truehd.m2ts": "TrueHD in a transport stream",
    "dvd-pcm.vob": "DVD PCM",
    "speex.ogv": "Theora and Speex",
    "speex.flv": "Speex in Flash",
    "webcam.flv": "a Flash webcam: Nellymoser",
    "adpcm.flv": "Flash ADPCM",
    "pal.dv": "a PAL tape",
    "ntsc.dv": "an NTSC tape",
    "tape.avi": "DV in AVI",
    "tape.mov": "DV in QuickTime",
    "song.mp2": "MP2",
    "take.w64": "Wave64",
    "song.oga": "FLAC in Ogg",
    "voice.spx": "Speex",
    "take.aiff": "AIFF",
    "take.aif": "AIFF, 24 bits",
    "memo.caf": "Core Audio",
    "song.mka": "Vorbis in Matroska",
    "voice.weba": "Opus in WebM",
    "track.ac3": "AC-3",
    "track.eac3": "E-AC-3",
    "voice.amr": "AMR of a phone",
    "wide.amr": "wide-band AMR",
    "phone.3gp": "MPEG-4 and AMR",
    "wide.3gp": "MPEG-4 and wide-band AMR",
}

NAMES: tuple[Input, ...] = tuple(
    Input(name, oddity, plain(names.named), completed(), is_extra=name not in _FREQUENT)
    for name, oddity in _ODDITIES.items()
)
