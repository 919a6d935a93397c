"""The demuxers and decoders that ffmpeg and ffprobe may open; they reject a file that needs any other.

A decoder is listed if files with its codec are common among cameras, phones, recorders and editors. Rare decoders with
a history of memory errors, such as MagicYUV (CVE-2026-8461), are not listed.
"""

# The demuxers of ordinary uploads: "mov" also reads mp4, m4v and 3gp, "matroska" WebM, "mpeg" program streams, and
# "ogg" also the audio that we extract. A worker does not start without them.
COMMON_FORMATS = ("mov", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg")
# Those of tape, broadcast and Windows cameras, and of audio files.
_OTHER_FORMATS = ("asf", "mxf", "dv", "mp3", "aac", "wav", "w64", "flac", "aiff", "caf", "amr", "ac3", "eac3")
# No playlist demuxer is listed, because it would open other files.
FORMATS = (*COMMON_FORMATS, *_OTHER_FORMATS)

VIDEO_CODECS = frozenset(
    {
        *("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "prores"),
        *("theora", "flv1", "h263", "vp6f", "msmpeg4v2", "msmpeg4v3"),
        # Tape cameras and editors, Windows Media, QuickTime and AVI of the 1990s.
        *("dvvideo", "dnxhd", "wmv1", "wmv2", "wmv3", "vc1", "qtrle", "cinepak", "msvideo1"),
        # Lossless and uncompressed archives.
        *("huffyuv", "ffvhuff", "ffv1", "utvideo", "rawvideo", "v210"),
    }
)
_PCM_CODECS = frozenset(
    {
        *("pcm_s8", "pcm_u8", "pcm_mulaw", "pcm_alaw", "pcm_dvd", "pcm_bluray", "pcm_s8_planar"),
        *(f"pcm_{kind}{bits}{order}" for kind in "su" for bits in (16, 24, 32) for order in ("le", "be")),
        *(f"pcm_f{bits}{order}" for bits in (32, 64) for order in ("le", "be")),
        *("pcm_s16le_planar", "pcm_s16be_planar", "pcm_s24le_planar", "pcm_s32le_planar"),
    }
)
AUDIO_CODECS = _PCM_CODECS | {
    *("aac", "aac_latm", "mp3", "mp2", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "dts", "truehd", "mlp"),
    *("amr_nb", "amr_wb", "speex", "nellymoser", "wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice"),
    *("adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_swf", "adpcm_yamaha"),
}
# Decoders whose name differs from their codec, or that ffmpeg prefers to the one with its name.
_OTHER_DECODERS = frozenset({"libdav1d", "flv", "msmpeg4", "mp3float", "mp2float", "dca", "amrnb", "amrwb"})
DECODERS = VIDEO_CODECS | AUDIO_CODECS | _OTHER_DECODERS
# ffprobe fails if it cannot open a stream's decoder, so it may also open decoders of streams that often accompany video
# and audio: subtitles and cover art.
PROBED_DECODERS = DECODERS | {
    *("ass", "ssa", "srt", "subrip", "mov_text", "webvtt", "text", "cc_dec", "dvbsub", "dvdsub", "pgssub"),
    *("png", "webp", "bmp", "gif"),
}
