"""Command lines for ffmpeg and ffprobe: what they may open, and what they make of it."""

from pathlib import Path

from adapters.ffmpeg.picture import poster_filter, rendition_filter
from domain.model.media import (
    MAX_PICTURE_PIXELS,
    MAX_STREAMS,
    CompressionProfile,
    MediaInfo,
    duration_tolerance_s,
)
from domain.model.speech import AudioSpan

# The demuxers of the containers we take: "mov" reads mp4, m4v and 3gp too, "matroska" WebM, "mpeg" program streams,
# and "ogg" also the audio that we extract. A playlist demuxer would open other files: none is here.
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
# Decoders that carry another name than their codec, or that come before the one that carries it.
_OTHER_DECODERS = frozenset({"libdav1d", "flv", "msmpeg4", "mp3float", "mp2float", "dca", "amrnb"})
DECODERS = VIDEO_CODECS | AUDIO_CODECS | _OTHER_DECODERS
# ffprobe gives up when it can't open a stream's decoder, so what may lie beside picture and sound is opened for it:
# subtitles, cover art, and the second sound tracks of discs.
PROBED_DECODERS = DECODERS | {
    *("ass", "ssa", "srt", "subrip", "mov_text", "webvtt", "text", "cc_dec", "dvbsub", "dvdsub", "pgssub"),
    *("png", "webp", "bmp", "gif", "truehd", "mlp", "pcm_dvd", "pcm_bluray"),
}

# A probe may see more streams than we take, so that the gate can say why it refuses the file.
PROBED_STREAMS = 4 * MAX_STREAMS
MAX_ALLOCATION_BYTES = 1024**3
SPEECH_RATE_HZ = 16_000
SPEECH_BITRATE_KBPS = 32
SILENCE_DB = -35
SILENCE_S = 0.35

_PREROLL_S = 1.0
_REPORT = (
    "format=format_name,duration,size,nb_streams"
    ":stream=codec_type,codec_name,width,height,avg_frame_rate,r_frame_rate,duration,color_transfer"
    ":stream_disposition=attached_pic:stream_side_data=rotation"
)


def probing(source: Path) -> list[str]:
    """For ffprobe: what the file is made of, as JSON; `warning` is the level at which it tells a mere guess."""
    return [
        *("-hide_banner", "-loglevel", "warning", *_opening(PROBED_DECODERS, PROBED_STREAMS)),
        *("-show_entries", _REPORT, "-of", "json", "-i", _url(source)),
    ]


def measuring(source: Path) -> list[str]:
    """Read every packet without decoding any, for files that don't say how long they are."""
    return [
        *_quietly(),
        *_input(source, threads=1),
        *("-map", "0:V:0", "-map", "0:a:0?", "-c", "copy", "-f", "null", "-"),
    ]


def compressing(
    source: Path,
    target: Path,
    *,
    media: MediaInfo,
    profile: CompressionProfile,
    is_hdr: bool,
    threads: int,
    output_bytes: int,
) -> list[str]:
    """H.264 and AAC in a fast-start MP4 without metadata, chapters, subtitles or data streams."""
    # A source that is longer than it says is cut off soon after, and then refused for its length.
    longest_s = media.duration_s + duration_tolerance_s(media.duration_s) + 1
    return [
        *_quietly(),
        *_input(source, threads=threads),
        *("-map", "0:V:0", "-map", "0:a:0?", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-t", f"{longest_s:.3f}", "-vf", rendition_filter(media, profile, is_hdr=is_hdr)),
        *("-c:v", "libx264", "-preset", profile.preset, "-crf", str(profile.crf), "-threads", str(threads)),
        *("-c:a", "aac", "-b:a", f"{profile.audio_bitrate_kbps}k", "-ac", "2"),
        *("-af", "aresample=async=1:first_pts=0"),
        *("-movflags", "+faststart", "-fs", str(output_bytes), "-f", "mp4", _url(target)),
    ]


def picturing(source: Path, target: Path, *, start_s: float, is_hdr: bool, threads: int) -> list[str]:
    """One JPEG; by the mjpeg muxer, because image2 would read a pattern into the name."""
    return [
        *_quietly(),
        *("-ss", f"{start_s:.3f}", *_input(source, threads=threads)),
        *("-map", "0:V:0", "-map_metadata", "-1", "-vf", poster_filter(is_hdr=is_hdr), "-frames:v", "1"),
        *("-c:v", "mjpeg", "-q:v", "4", "-threads", "1", "-f", "mjpeg", _url(target)),
    ]


def extracting(source: Path, target: Path, *, media: MediaInfo) -> list[str]:
    """Speech audio of the video's whole length; silencedetect tells the log where nobody speaks.

    ffmpeg counts time from the first stream in use. So the picture is in use too (copied to nowhere):
    in a transport stream whose sound begins later, times would otherwise begin with the sound.
    """
    filters = (
        f"aresample={SPEECH_RATE_HZ}:async=1:first_pts=0",
        "aformat=channel_layouts=mono",
        f"apad=whole_dur={media.duration_s:.6f}",
        f"atrim=end={media.duration_s:.6f}",
        f"silencedetect=noise={SILENCE_DB}dB:duration={SILENCE_S}",
    )
    return [
        *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+info", "-progress", "pipe:1", "-y"),
        *_input(source, threads=1),
        *("-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-af", ",".join(filters)),
        *("-c:a", "libopus", "-b:a", f"{SPEECH_BITRATE_KBPS}k", "-application", "voip", "-f", "ogg", _url(target)),
        *("-map", "0:V:0", "-c", "copy", "-f", "null", "-"),
    ]


def cutting(audio: Path, target: Path, *, span: AudioSpan) -> list[str]:
    """One span as WAV; decoding begins a second early, because an Opus decoder needs a moment to settle."""
    preroll_s = min(span.start_s, _PREROLL_S)
    return [
        *_quietly(),
        *("-ss", f"{span.start_s - preroll_s:.3f}", *_input(audio, threads=1)),
        *("-ss", f"{preroll_s:.3f}", "-t", f"{span.end_s - span.start_s:.3f}", "-map", "0:a:0"),
        *("-map_metadata", "-1", "-c:a", "pcm_s16le", "-ar", str(SPEECH_RATE_HZ), "-ac", "1", "-f", "wav"),
        _url(target),
    ]


def _quietly() -> list[str]:
    return ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-progress", "pipe:1", "-y"]


def _input(source: Path, *, threads: int) -> list[str]:
    return [*_opening(DECODERS, MAX_STREAMS), "-threads", str(threads), "-i", _url(source)]


def _opening(decoders: frozenset[str], max_streams: int) -> list[str]:
    """What may be opened, and how large it may be; a playlist named .mp4 gets past the protocol list alone."""
    return [
        *("-protocol_whitelist", "file,pipe"),
        *("-format_whitelist", ",".join(FORMATS)),
        *("-codec_whitelist", ",".join(sorted(decoders))),
        *("-max_streams", str(max_streams), "-max_pixels", str(MAX_PICTURE_PIXELS)),
        *("-max_alloc", str(MAX_ALLOCATION_BYTES), "-probesize", "20M", "-analyzeduration", "20M"),
    ]


def _url(path: Path) -> str:
    """With its protocol in front, no name can be taken for an option or for another protocol."""
    return f"file:{path.absolute()}"
