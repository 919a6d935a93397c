"""Command lines of ffmpeg: what it reads, and what it produces."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from types import MappingProxyType

from adapters.ffmpeg.allowed_formats import DECODERS
from adapters.ffmpeg.encoder_options import audio_options, synchronising_filter, video_options
from adapters.ffmpeg.frame_lines import SHOW_FRAMES
from adapters.ffmpeg.input_arguments import edit_lists, opening, url
from adapters.ffmpeg.joined_sound import sound_source
from adapters.ffmpeg.peak_levels import measuring_filter
from adapters.ffmpeg.restart_filters import held_frame, picture_restarts
from adapters.ffmpeg.speech_filters import SPEECH_RATE_HZ, speech_graph
from adapters.ffmpeg.video_filters import poster_filter, rendition_filter, storyboard_filter
from adapters.ffmpeg.waveform import waveform_filter
from domain.model.media.acceptance import MAX_STREAMS
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_check import duration_tolerance_s
from domain.model.media.rendition_plan import NO_CHANGES, PictureChanges
from domain.model.media.storyboard import StoryboardSheet
from domain.model.transcripts.speech_intervals import AudioSpan
from domain.model.transcripts.speech_source import SpeechSource

SPEECH_BITRATE_KBPS = 32

BEGINNING_S = 20
FIRST_FRAMES = 4
# The names of codecs in bitstream filters, where they differ.
_BITSTREAM_NAMES = {"mpeg2video": "mpeg2"}

_PREROLL_S = 1.0


class PosterRange(Enum):
    """The part of a rendition that is searched for a poster."""

    KEY_FRAMES = auto()
    BEGINNING = auto()
    FIRST_FRAME = auto()


def decoding_first_sound(source: Path, *, index: int, ignores_edits: bool = False) -> list[str]:
    """Decode the first frames of an audio track; ffmpeg prints their layout and sizes.

    A file is read to its end only if the track has no frame that can be decoded.
    """
    return [
        *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "error"),
        *(*edit_lists(ignores_edits=ignores_edits), *_input(source, threads=1)),
        *("-map", f"0:{index}", "-frames:a", str(FIRST_FRAMES), "-c:a", "pcm_s16le", "-f", "framemd5", "pipe:1"),
    ]


def measuring_peaks(source: Path, indexes: Sequence[int]) -> list[str]:
    """Decode these audio tracks; ffmpeg logs the highest peak of each."""
    outputs = [
        word for index in indexes for word in ("-map", f"0:{index}", "-af", measuring_filter(index), "-f", "null", "-")
    ]
    return [*("-hide_banner", "-nostdin", "-nostats", "-loglevel", "info"), *_input(source, threads=1), *outputs]


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
    """Encode video and audio, or sound alone, into a fast-start MP4 without any other stream.

    The log has a line for each packet and frame that could not be decoded (concealed frames are only warnings), and
    describes each decoded frame.
    """
    # If a source is longer than it states, the encoding stops soon after that, and the length check rejects the result.
    longest_s = media.duration_s + duration_tolerance_s(media.duration_s) + 1
    return [
        # Only at the level `verbose` the number of decoded audio samples is logged.
        *_log_level(f"repeat+level+{'info' if media.has_picture else 'verbose'}"),
        *_ignoring(media, changes),
        *_input(source, threads=threads, media=media),
        *(_played_tracks(media) if media.sound.right_index is None else _joined_tracks(media)),
        *("-t", f"{longest_s:.3f}"),
        *(_encoded_picture(media, profile, threads, changes) if media.has_picture else []),
        *(audio_options(media, profile) if media.has_audio else []),
        *_mp4(target, output_bytes),
    ]


def remuxing(source: Path, target: Path, *, media: MediaInfo, output_bytes: int) -> list[str]:
    """Copy the streams, without H.264 supplemental information (SEI, unit type 6), which may contain any data.

    The log has a line for each position where the container is corrupt.
    """
    language = media.sound.language
    return [
        *_log_level("repeat+level+error"),
        *_input(source, threads=1, media=media),
        *_played_tracks(media),
        *("-c", "copy", *(("-bsf:v", "filter_units=remove_types=6") if media.has_picture else ())),
        *(["-metadata:s:a:0", f"language={language}"] if media.has_audio and language is not None else []),
        *_mp4(target, output_bytes),
    ]


def listing(video: Path, target: Path, *, index: int, is_strict: bool, media: MediaInfo | None = None) -> list[str]:
    """A line with a digest of the picture for each decoded key frame; if strict, the first error ends the run.

    The other frames are read but not decoded: discarding them would miss changes of decoder parameters in an MP4. The
    log describes each frame, because ffmpeg scales all pictures to the size of the first one before the digest.
    """
    return [
        *_log_level("level+info"),
        *(["-xerror"] if is_strict else []),
        *("-skip_frame:v", "nokey", *_input(video, threads=1, media=media)),
        *("-map", f"0:{index}", "-vf", SHOW_FRAMES, "-fps_mode", "passthrough", "-f", "framemd5", url(target)),
    ]


def checking_sound(rendition: Path, target: Path) -> list[str]:
    """Decode the sound of a rendition; the first error ends the run."""
    return [*_log_level(), "-xerror", *_input(rendition, threads=1), "-map", "0:a:0", "-f", "null", url(target)]


def drawing_waveform(rendition: Path, target: Path, *, media: MediaInfo) -> list[str]:
    """One JPEG of the loudness of the sound over its whole length."""
    graph = f"[0:{media.sound.index}]{waveform_filter(media)}[waveform]"
    return [
        *_log_level(),
        *_input(rendition, threads=1),
        *("-filter_complex_threads", "1", "-filter_complex", graph, "-map", "[waveform]"),
        *_jpeg(target),
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


def taking_frame(rendition: Path, target: Path, *, media: MediaInfo, at_s: float) -> list[str]:
    """One JPEG of the frame that is shown at a time: the last one that begins until then.

    Decoding begins at the key frame before the time, which becomes 0; an accurate seek would drop the frame that is
    shown, if it begins earlier. `fps` selects the last frame until 0, `tpad` repeats the last one of the file.
    """
    shown = "tpad=stop=-1:stop_mode=clone,fps=1000:start_time=0:round=up"
    return [
        *_log_level(),
        *("-noaccurate_seek", "-ss", f"{at_s:.3f}"),
        *_input(rendition, threads=1),
        *("-map", f"0:{media.picture.index}", "-vf", f"{shown},{poster_filter(media, allows_black=True)}"),
        *_jpeg(target),
    ]


def tiling(rendition: Path, target: Path, *, media: MediaInfo, sheet: StoryboardSheet) -> list[str]:
    """One JPEG of many thumbnails, all of them key frames; the other frames are not read."""
    track = f"0:{media.picture.index}"
    return [*_log_level(), *_key_frames(rendition), *("-map", track, "-vf", storyboard_filter(sheet)), *_jpeg(target)]


def extracting(
    source: Path,
    target: Path,
    *,
    media: MediaInfo,
    heard: SpeechSource = SpeechSource.MIX,
    envelopes: Mapping[str, Path] = MappingProxyType({}),
) -> list[str]:
    """Speech audio with the full length of the video; silencedetect logs its silences.

    ffmpeg counts time from the first stream in use, so the video is used as well (copied to the null muxer). Otherwise,
    in a transport stream whose audio begins later, times would begin with the audio. The levelled copy has an output of
    its own: since ffmpeg 7, a branch that ends in `anullsink` may be stopped early, or outlive the output and crash.
    Each of the `envelopes` is a file for the power of a group of signals that are measured.
    """
    powers = [
        word
        for label, path in envelopes.items()
        for word in ("-map", f"[{label}_power]", "-c:a", "pcm_f32le", "-f", "f32le", url(path))
    ]
    return [
        *("-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+info", "-progress", "pipe:1", "-y"),
        *_input(source, threads=1, media=media),
        *("-filter_complex_threads", "1", "-filter_complex", speech_graph(media, heard, tuple(envelopes))),
        *("-map", "[speech]", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-c:a", "libopus", "-b:a", f"{SPEECH_BITRATE_KBPS}k", "-application", "voip", "-f", "ogg", url(target)),
        *("-map", "[levelled]", "-f", "null", "-"),
        *powers,
        *(("-map", f"0:{media.picture.index}", "-c", "copy", "-f", "null", "-") if media.has_picture else ()),
    ]


def cutting(audio: Path, target: Path, *, span: AudioSpan) -> list[str]:
    """One span as WAV; decoding begins a second early, because an Opus decoder needs time to converge."""
    preroll_s = min(span.start_s, _PREROLL_S)
    return [
        *_log_level(),
        *("-ss", f"{span.start_s - preroll_s:.3f}", *_input(audio, threads=1)),
        *("-ss", f"{preroll_s:.3f}", "-t", f"{span.end_s - span.start_s:.3f}", "-map", "0:a:0"),
        *("-map_metadata", "-1", "-c:a", "pcm_s16le", "-ar", str(SPEECH_RATE_HZ), "-ac", "1", "-f", "wav"),
        url(target),
    ]


def _log_level(level: str = "error") -> list[str]:
    return ["-hide_banner", "-nostdin", "-nostats", "-loglevel", level, "-progress", "pipe:1", "-y"]


def _encoded_picture(media: MediaInfo, profile: CompressionProfile, threads: int, changes: PictureChanges) -> list[str]:
    # Decoded frames are counted before any filter can drop or repeat one.
    held = held_frame(media, profile.max_frame_rate)
    graph = ",".join([*picture_restarts(media), SHOW_FRAMES, *held, rendition_filter(media, profile, changes)])
    return ["-vf", graph, "-fps_mode", "vfr", *video_options(media, profile, threads=threads)]


def _ignoring(media: MediaInfo, changes: PictureChanges) -> list[str]:
    """Input options that ignore side data: a distorting matrix, a crop of the container, an invalid colour matrix.

    Only ffmpeg since 7.1 reports a crop and has the option for it. Since 7.0 it has filters for coded input.
    """
    codec = _BITSTREAM_NAMES.get(media.video_codec or "", media.video_codec)
    return [
        *(["-noautorotate"] if media.picture.is_skewed else []),
        *(["-apply_cropping", "codec"] if media.picture.is_cropped else []),
        *(["-bsf:v", f"{codec}_metadata=matrix_coefficients=2"] if changes.erases_matrix else []),
    ]


def _played_tracks(media: MediaInfo) -> list[str]:
    """The tracks that are played, without the metadata and chapters of the file."""
    tracks = [
        *([media.picture.index] if media.has_picture else []),
        *([media.sound.index] if media.has_audio else []),
    ]
    maps = [argument for index in tracks for argument in ("-map", f"0:{index}")]
    return [*maps, "-map_metadata", "-1", "-map_chapters", "-1"]


def _joined_tracks(media: MediaInfo) -> list[str]:
    """The picture, and the mix of two audio tracks."""
    picture = ["-map", f"0:{media.picture.index}"] if media.has_picture else []
    graph = f"{sound_source(media, synchronising_filter(media.sound))}[joined]"
    mix = ["-filter_complex_threads", "1", "-filter_complex", graph, *picture, "-map", "[joined]"]
    return [*mix, "-map_metadata", "-1", "-map_chapters", "-1"]


def _mp4(target: Path, output_bytes: int) -> list[str]:
    return ["-movflags", "+faststart", "-fs", str(output_bytes), "-f", "mp4", url(target)]


def _jpeg(target: Path) -> list[str]:
    coding = ("-map_metadata", "-1", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "4", "-threads", "1", "-f", "mjpeg")
    return [*coding, url(target)]


def _key_frames(rendition: Path) -> list[str]:
    return ["-discard:v", "nokey", "-skip_frame:v", "nokey", *_input(rendition, threads=1)]


def _input(source: Path, *, threads: int, media: MediaInfo | None = None) -> list[str]:
    """The input; `media` says how a source is to be read, a file of our own needs none.

    With a maximum error rate of 1, damage ends no run: decode errors are counted and judged by us. By default, ffmpeg
    fails if two thirds of the packets cannot be decoded: in all streams until 6.0, then in any one.
    """
    packets = None if media is None else media.packets
    edits = edit_lists(ignores_edits=packets is not None and packets.ignores_edits)
    return [
        *opening(DECODERS, MAX_STREAMS),
        *("-max_error_rate", "1", *edits, "-threads", str(threads), "-i", url(source)),
    ]
