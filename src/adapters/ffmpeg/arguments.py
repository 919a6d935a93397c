"""Command lines of ffmpeg and ffprobe: what they may open, and what they produce."""

from enum import Enum, auto
from pathlib import Path

from adapters.ffmpeg.encoder_options import audio_options, video_options
from adapters.ffmpeg.frame_lines import SHOW_FRAMES
from adapters.ffmpeg.video_filters import poster_filter, rendition_filter, storyboard_filter
from domain.model.media.acceptance import MAX_FRAME_PIXELS, MAX_STREAMS
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_check import duration_tolerance_s
from domain.model.media.rendition_plan import NO_CHANGES, PictureChanges
from domain.model.media.storyboard import StoryboardSheet
from domain.model.transcripts.speech_intervals import AudioSpan

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

# A probe may open more streams than are accepted, so that the media policy can give the reason of the rejection.
PROBED_STREAMS = 4 * MAX_STREAMS
# Encryption is visible only in packets: for the track, ffprobe reports just the codec inside.
PROBED_PACKETS = 16
# After the end of any video, so that ffprobe begins at the last key frame.
PAST_THE_END_S = 999_999
MAX_ALLOCATION_BYTES = 1024**3
SPEECH_RATE_HZ = 16_000
SPEECH_BITRATE_KBPS = 32
# The threshold applies after normalisation. Without it, a recording at -40 dB was all silence, and one with noise at
# -30 dB had no silence; with it, both are divided as well as a loud, clean recording.
SILENCE_DB = -30
SILENCE_S = 0.25
# dynaudnorm needs 31 frames of half a second and does not change shorter audio, so silence is appended.
_NORMALISED = "apad=pad_dur=16,highpass=f=200,dynaudnorm=framelen=500:gausssize=31:maxgain=60:altboundary=1"

BEGINNING_S = 20
# The names of codecs in bitstream filters, where they differ.
_BITSTREAM_NAMES = {"mpeg2video": "mpeg2"}

_PREROLL_S = 1.0
_REPORT = (
    "format=format_name,start_time,duration,size,nb_streams"
    ":stream=index,codec_type,codec_name,profile,width,height,avg_frame_rate,r_frame_rate,start_time,duration,nb_frames"
    ",pix_fmt,field_order,sample_aspect_ratio,color_space,color_primaries,color_transfer,channels,sample_rate"
    ":stream_disposition=default,attached_pic,still_image,timed_thumbnails"
    ":stream_tags=language,DURATION:stream_side_data=rotation,displaymatrix,side_data_type:packet_side_data=side_data_type"
)


class PosterRange(Enum):
    """The part of a rendition that is searched for a poster."""

    KEY_FRAMES = auto()
    BEGINNING = auto()
    FIRST_FRAME = auto()


def probing(source: Path) -> list[str]:
    """For ffprobe: the container and the streams as JSON; at level `warning` it logs if the format is only a guess."""
    return [
        *("-hide_banner", "-loglevel", "warning", *_opening(PROBED_DECODERS, PROBED_STREAMS)),
        *("-show_entries", _REPORT, "-read_intervals", f"%+#{PROBED_PACKETS}", "-of", "json", "-i", _url(source)),
    ]


def reading_last_frames(video: Path, *, index: int) -> list[str]:
    """For ffprobe: the presentation times of the last frames of a track, one per line, in stored order."""
    return [
        *("-hide_banner", "-loglevel", "warning", *_opening(PROBED_DECODERS, PROBED_STREAMS)),
        *("-select_streams", str(index), "-read_intervals", f"{PAST_THE_END_S}%"),
        *("-show_entries", "packet=pts_time", "-of", "default=noprint_wrappers=1:nokey=1", "-i", _url(video)),
    ]


def reading_aspects(video: Path, *, index: int, threads: int, is_coarse: bool) -> list[str]:
    """For ffprobe: the pixel aspect of each decoded frame, one per line; if coarse, of the key frames alone."""
    return [
        *("-hide_banner", "-loglevel", "error", *_opening(PROBED_DECODERS, PROBED_STREAMS), "-threads", str(threads)),
        *(["-skip_frame", "nokey"] if is_coarse else []),
        *("-select_streams", str(index), "-show_entries", "frame=sample_aspect_ratio:frame_side_data="),
        *("-of", "compact=print_section=0:nokey=1", "-i", _url(video)),
    ]


def measuring(source: Path) -> list[str]:
    """Read every packet without decoding any, for files that state no duration."""
    return [
        *_log_level(),
        *_input(source, threads=1),
        *("-map", "0:V:0", "-map", "0:a:0?", "-c", "copy", "-f", "null", "-"),
    ]


def compressing(
    source: Path,
    target: Path,
    *,
    media: MediaInfo,
    profile: CompressionProfile,
    threads: int,
    output_bytes: int,
    changes: PictureChanges = NO_CHANGES,
) -> list[str]:
    """Encode video and audio into a fast-start MP4 without any other stream.

    The log has a line for each packet and frame that could not be decoded (concealed frames are only warnings), and
    describes each decoded frame.
    """
    # If a source is longer than it states, the encoding stops soon after that, and the length check rejects the result.
    longest_s = media.duration_s + duration_tolerance_s(media.duration_s) + 1
    return [
        *_log_level("repeat+level+info"),
        *_ignoring(media, changes),
        *_input(source, threads=threads),
        *_both_tracks(media),
        *("-t", f"{longest_s:.3f}", "-vf", f"{SHOW_FRAMES},{rendition_filter(media, profile, changes)}"),
        *("-fps_mode", "vfr"),
        *video_options(media, profile, threads=threads),
        *(audio_options(media, profile) if media.has_audio else []),
        *_mp4(target, output_bytes),
    ]


def remuxing(source: Path, target: Path, *, media: MediaInfo, output_bytes: int) -> list[str]:
    """Copy both streams, without H.264 supplemental information (SEI, unit type 6), which may contain any data.

    The log has a line for each position where the container is corrupt.
    """
    language = media.sound.language
    return [
        *_log_level("repeat+level+error"),
        *_input(source, threads=1),
        *_both_tracks(media),
        *("-c", "copy", "-bsf:v", "filter_units=remove_types=6"),
        *(["-metadata:s:a:0", f"language={language}"] if media.has_audio and language is not None else []),
        *_mp4(target, output_bytes),
    ]


def listing(video: Path, target: Path, *, index: int, is_strict: bool) -> list[str]:
    """A line with a digest of the picture for each decoded key frame; if strict, the first error ends the run.

    The other frames are read but not decoded: discarding them would miss changes of decoder parameters in an MP4.
    """
    return [
        *_log_level(),
        *(["-xerror"] if is_strict else []),
        *("-skip_frame:v", "nokey", *_input(video, threads=1)),
        *("-map", f"0:{index}", "-fps_mode", "passthrough", "-f", "framemd5", _url(target)),
    ]


def taking_poster(rendition: Path, target: Path, *, media: MediaInfo, poster_range: PosterRange) -> list[str]:
    """One JPEG, written by the mjpeg muxer, because image2 would interpret the name as a pattern."""
    opening = _key_frames(rendition) if poster_range is PosterRange.KEY_FRAMES else _input(rendition, threads=1)
    return [
        *_log_level(),
        *(["-t", str(BEGINNING_S)] if poster_range is PosterRange.BEGINNING else []),
        *opening,
        *(
            "-map",
            f"0:{media.picture.index}",
            "-vf",
            poster_filter(media, allows_black=poster_range is PosterRange.FIRST_FRAME),
        ),
        *_jpeg(target),
    ]


def tiling(rendition: Path, target: Path, *, media: MediaInfo, sheet: StoryboardSheet) -> list[str]:
    """One JPEG of many thumbnails, all of them key frames; the other frames are not read."""
    track = f"0:{media.picture.index}"
    return [*_log_level(), *_key_frames(rendition), *("-map", track, "-vf", storyboard_filter(sheet)), *_jpeg(target)]


def extracting(source: Path, target: Path, *, media: MediaInfo) -> list[str]:
    """Speech audio with the full length of the video; silencedetect logs its silences.

    ffmpeg counts time from the first stream in use, so the video is used as well (copied to the null muxer). Otherwise,
    in a transport stream whose audio begins later, times would begin with the audio.
    """
    filters = (
        f"[0:{media.sound.index}]aresample={SPEECH_RATE_HZ}:async=1:first_pts=0",
        "aformat=channel_layouts=mono",
        f"apad=whole_dur={media.duration_s:.6f}",
        f"atrim=end={media.duration_s:.6f}",
        f"asplit[speech][levelled];[levelled]{_NORMALISED}",
        f"silencedetect=noise={SILENCE_DB}dB:duration={SILENCE_S},anullsink",
    )
    return [
        *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+info", "-progress", "pipe:1", "-y"),
        *_input(source, threads=1),
        *("-filter_complex_threads", "1", "-filter_complex", ",".join(filters)),
        *("-map", "[speech]", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-c:a", "libopus", "-b:a", f"{SPEECH_BITRATE_KBPS}k", "-application", "voip", "-f", "ogg", _url(target)),
        *("-map", f"0:{media.picture.index}", "-c", "copy", "-f", "null", "-"),
    ]


def cutting(audio: Path, target: Path, *, span: AudioSpan) -> list[str]:
    """One span as WAV; decoding begins a second early, because an Opus decoder needs time to converge."""
    preroll_s = min(span.start_s, _PREROLL_S)
    return [
        *_log_level(),
        *("-ss", f"{span.start_s - preroll_s:.3f}", *_input(audio, threads=1)),
        *("-ss", f"{preroll_s:.3f}", "-t", f"{span.end_s - span.start_s:.3f}", "-map", "0:a:0"),
        *("-map_metadata", "-1", "-c:a", "pcm_s16le", "-ar", str(SPEECH_RATE_HZ), "-ac", "1", "-f", "wav"),
        _url(target),
    ]


def _log_level(level: str = "error") -> list[str]:
    return ["-hide_banner", "-nostdin", "-nostats", "-loglevel", level, "-progress", "pipe:1", "-y"]


def _ignoring(media: MediaInfo, changes: PictureChanges) -> list[str]:
    """Input options that ignore side data: a distorting matrix, a crop of the container, an invalid colour matrix.

    Only ffmpeg since 7.1 reports a crop and has the option for it. Since 7.0 it has filters for coded input.
    """
    codec = _BITSTREAM_NAMES.get(media.video_codec, media.video_codec)
    return [
        *(["-noautorotate"] if media.picture.is_skewed else []),
        *(["-apply_cropping", "codec"] if media.picture.is_cropped else []),
        *(["-bsf:v", f"{codec}_metadata=matrix_coefficients=2"] if changes.erases_matrix else []),
    ]


def _both_tracks(media: MediaInfo) -> list[str]:
    """The two tracks that are played, without the metadata and chapters of the file."""
    tracks = [media.picture.index, *([media.sound.index] if media.has_audio else [])]
    maps = [argument for index in tracks for argument in ("-map", f"0:{index}")]
    return [*maps, "-map_metadata", "-1", "-map_chapters", "-1"]


def _mp4(target: Path, output_bytes: int) -> list[str]:
    return ["-movflags", "+faststart", "-fs", str(output_bytes), "-f", "mp4", _url(target)]


def _jpeg(target: Path) -> list[str]:
    coding = ("-map_metadata", "-1", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4", "-threads", "1", "-f", "mjpeg")
    return [*coding, _url(target)]


def _key_frames(rendition: Path) -> list[str]:
    return ["-discard:v", "nokey", "-skip_frame:v", "nokey", *_input(rendition, threads=1)]


def _input(source: Path, *, threads: int) -> list[str]:
    return [*_opening(DECODERS, MAX_STREAMS), "-threads", str(threads), "-i", _url(source)]


def _opening(decoders: frozenset[str], max_streams: int) -> list[str]:
    """Limits on what may be opened; with the list of protocols alone, a playlist named .mp4 would be opened too."""
    return [
        *("-protocol_whitelist", "file,pipe"),
        *("-format_whitelist", ",".join(FORMATS)),
        *("-codec_whitelist", ",".join(sorted(decoders))),
        *("-max_streams", str(max_streams), "-max_pixels", str(MAX_FRAME_PIXELS)),
        *("-max_alloc", str(MAX_ALLOCATION_BYTES), "-probesize", "20M", "-analyzeduration", "20M"),
    ]


def _url(path: Path) -> str:
    """The path as a URL, so that no name is parsed as an option or as another protocol."""
    return f"file:{path.absolute()}"
