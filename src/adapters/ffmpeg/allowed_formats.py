"""The demuxers and decoders that ffmpeg and ffprobe may open; they reject a file that needs any other."""

# The demuxers of the accepted containers: "mov" also reads mp4, m4v and 3gp, "matroska" WebM, "mpeg" program streams,
# and "ogg" also the audio that we extract. No playlist demuxer is listed, because it would open other files.
FORMATS = ("mov", "matroska", "avi", "mpegts", "mpeg", "flv", "ogg")

VIDEO_CODECS = frozenset(
    {
        *("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "prores"),
        *("theora", "flv1", "h263", "vp6f", "msmpeg4v2", "msmpeg4v3"),
    }
)
AUDIO_CODECS = frozenset(
    {
        *("aac", "aac_latm", "mp3", "mp2", "opus", "vorbis", "flac", "alac", "ac3", "eac3", "dts", "amr_nb"),
        *("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_f32le", "pcm_u8"),
        *("pcm_mulaw", "pcm_alaw", "adpcm_ms", "adpcm_ima_wav"),
    }
)
# Decoders whose name differs from their codec, or that ffmpeg prefers to the one with its name.
_OTHER_DECODERS = frozenset({"libdav1d", "flv", "msmpeg4", "mp3float", "mp2float", "dca", "amrnb"})
DECODERS = VIDEO_CODECS | AUDIO_CODECS | _OTHER_DECODERS
# ffprobe fails if it cannot open a stream's decoder, so it may also open decoders of streams that often accompany video
# and audio: subtitles, cover art, and the second audio tracks of discs.
PROBED_DECODERS = DECODERS | {
    *("ass", "ssa", "srt", "subrip", "mov_text", "webvtt", "text", "cc_dec", "dvbsub", "dvdsub", "pgssub"),
    *("png", "webp", "bmp", "gif", "truehd", "mlp", "pcm_dvd", "pcm_bluray"),
}
