"""Parses ffprobe's report strictly: numbers in an unexpected format are rejected or ignored."""

import re

import msgspec

from adapters.ffmpeg.arguments import AUDIO_CODECS, VIDEO_CODECS
from adapters.ffmpeg.display_matrix import DisplayMatrix, parse_matrix
from domain.model.errors import MediaRejected
from domain.model.failure import FailureCode
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack

# No sign and no exponent: N/A, NaN, -1 and 1e308 do not match, in any spelling.
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_RATE = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)
_BYTES = re.compile(r"\d{1,18}", re.ASCII)
_ABSENT = {"", "N/A"}
_START = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_ASPECT = re.compile(r"([1-9]\d{0,8}):([1-9]\d{0,8})", re.ASCII)
_CLOCK = re.compile(r"(\d{2,4}):(\d{2}):(\d{2}\.\d{1,9})", re.ASCII)
# ISO 639-2 codes have three letters; `und` stands for an undetermined language.
_LANGUAGE = re.compile(r"(?!und)[a-z]{3}", re.ASCII)
_INTERLACED = {"tt", "bb", "tb", "bt"}
_FORMATS_WITH_DURATION = {"matroska", "mov"}


class _Disposition(msgspec.Struct):
    default: int = 0
    attached_pic: int = 0
    still_image: int = 0
    timed_thumbnails: int = 0


class _SideData(msgspec.Struct):
    rotation: float = 0.0
    displaymatrix: str = ""
    side_data_type: str = ""

    @property
    def matrix(self) -> DisplayMatrix:
        """What the display matrix does to the picture; nothing if this is other side data."""
        return parse_matrix(self.displaymatrix, self.rotation)


class _Packet(msgspec.Struct):
    side_data_list: list[_SideData] = []


class _Tags(msgspec.Struct):
    language: str = ""
    DURATION: str = ""


class _Stream(msgspec.Struct):
    index: int = 0
    codec_type: str = ""
    codec_name: str = ""
    profile: str = ""
    width: int = 0
    height: int = 0
    avg_frame_rate: str = ""
    r_frame_rate: str = ""
    start_time: str = ""
    duration: str = ""
    nb_frames: str = ""
    pix_fmt: str = ""
    field_order: str = ""
    sample_aspect_ratio: str = ""
    color_space: str = ""
    color_primaries: str = ""
    color_transfer: str = ""
    channels: int = 0
    sample_rate: str = ""
    disposition: _Disposition = msgspec.field(default_factory=_Disposition)
    tags: _Tags = msgspec.field(default_factory=_Tags)
    side_data_list: list[_SideData] = []

    @property
    def is_video(self) -> bool:
        """Whether the stream is a video that plays; cover art is stored as a video stream too."""
        is_still = self.disposition.attached_pic or self.disposition.still_image or self.disposition.timed_thumbnails
        return self.codec_type == "video" and not is_still

    @property
    def is_turned(self) -> bool:
        """Whether a display matrix changes the picture."""
        return any(side.matrix.is_turned for side in self.side_data_list)

    @property
    def is_skewed(self) -> bool:
        """Whether a display matrix distorts the picture, or turns it by other than a quarter."""
        return any(side.matrix.is_skewed for side in self.side_data_list)

    @property
    def is_on_its_side(self) -> bool:
        """Whether the rotation is a quarter turn in either direction."""
        return any(side.matrix.is_on_its_side for side in self.side_data_list)

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height after rotation."""
        return (self.height, self.width) if self.is_on_its_side else (self.width, self.height)

    @property
    def duration_s(self) -> float | None:
        """The duration that the stream states (Matroska: in a tag); None if it states none."""
        if _SECONDS.fullmatch(self.duration):
            return float(self.duration)
        clock = _CLOCK.fullmatch(self.tags.DURATION)
        if clock is None:
            return None
        return 3600 * int(clock[1]) + 60 * int(clock[2]) + float(clock[3]) - _start_s(self.start_time)


class _Format(msgspec.Struct):
    format_name: str
    nb_streams: int
    size: str = ""
    start_time: str = ""
    duration: str = ""


class Report(msgspec.Struct):
    """The parts of ffprobe's JSON report that we use."""

    format: _Format
    streams: list[_Stream]
    packets: list[_Packet] = []

    @property
    def is_encrypted(self) -> bool:
        """Whether one of the first packets is encrypted (ISO/IEC 23001-7)."""
        kinds = [side.side_data_type for packet in self.packets for side in packet.side_data_list]
        return any(kind.startswith("Encryption") for kind in kinds)

    @property
    def video(self) -> _Stream:
        """The stream that plays as a picture.

        Raises:
            MediaRejected: `not_a_video`, there is none.
        """
        chosen = _chosen([stream for stream in self.streams if stream.is_video], VIDEO_CODECS)
        if chosen is None:
            raise MediaRejected("There is no picture in this file.", code=FailureCode.NOT_A_VIDEO.value)
        return chosen

    @property
    def audio(self) -> _Stream | None:
        """The stream that plays as sound, if there is one."""
        return _chosen([stream for stream in self.streams if stream.codec_type == "audio"], AUDIO_CODECS)

    @property
    def states_duration(self) -> bool:
        """Whether the container or the video track states a duration; WebM recorded by browsers states none."""
        return _stated_duration(self) not in _ABSENT


class LatestTime:
    """Reads times, one per line; `seconds` is the latest of them, 0.0 if there is none."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, line: str) -> None:
        """Read one line, and ignore it if it is not a time."""
        if _SECONDS.fullmatch(line.strip()):
            self.seconds = max(self.seconds, float(line))


def parse_report(text: str) -> Report:
    """The report, from ffprobe's JSON.

    Raises:
        MediaRejected: `malformed_video`, the JSON is not what ffprobe writes about an intact file.
    """
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.MsgspecError as error:
        raise _malformed("The description of the file cannot be parsed.") from error


def media_info(report: Report, *, measured_s: float | None = None) -> MediaInfo:
    """The report as domain values; `measured_s` replaces a duration that the file does not state.

    Raises:
        MediaRejected: `not_a_video`, `malformed_video`, `unsupported_codec` or `encrypted_video`.
    """
    if report.is_encrypted:
        raise MediaRejected("The video is encrypted.", code=FailureCode.ENCRYPTED_VIDEO.value)
    video = report.video
    audio = report.audio
    _check_codec("picture", video.codec_name, VIDEO_CODECS)
    if audio is not None:
        _check_codec("sound", audio.codec_name, AUDIO_CODECS)
    width, height = video.display_size
    return MediaInfo(
        container=report.format.format_name.partition(",")[0],
        duration_s=_duration_s(report) if measured_s is None else measured_s,
        width=width,
        height=height,
        frame_rate=_frame_rate(video.avg_frame_rate) or _frame_rate(video.r_frame_rate),
        video_codec=video.codec_name,
        audio_codec=None if audio is None else audio.codec_name,
        stream_count=report.format.nb_streams,
        size_bytes=_integer(report.format.size),
        picture=_video_track(video),
        sound=AudioTrack() if audio is None else _audio_track(audio),
    )


def _chosen(streams: list[_Stream], known: frozenset[str]) -> _Stream | None:
    """Of the streams that we decode, the default one, as players choose, or else the first."""
    decoded = [stream for stream in streams if stream.codec_name in known] or streams
    return next((stream for stream in decoded if stream.disposition.default), next(iter(decoded), None))


def _video_track(stream: _Stream) -> VideoTrack:
    return VideoTrack(
        index=stream.index,
        pixel_format=stream.pix_fmt,
        pixel_aspect=_pixel_aspect(stream),
        is_turned=stream.is_turned,
        is_interlaced=stream.field_order in _INTERLACED,
        matrix=_matrix(stream),
        primaries=stream.color_primaries,
        transfer=stream.color_transfer,
        duration_s=stream.duration_s,
        profile=stream.profile,
        start_s=_start_s(stream.start_time),
        frame_count=int(stream.nb_frames) if _BYTES.fullmatch(stream.nb_frames) else None,
        nominal_rate=_frame_rate(stream.r_frame_rate),
        is_skewed=stream.is_skewed,
        is_cropped=any(side.side_data_type == "Frame Cropping" for side in stream.side_data_list),
    )


def _matrix(stream: _Stream) -> str:
    """The colour matrix; VP8 has only one (RFC 6386, 9.2), which ffprobe does not report."""
    return "smpte170m" if stream.codec_name == "vp8" else stream.color_space


def _audio_track(stream: _Stream) -> AudioTrack:
    return AudioTrack(
        index=stream.index,
        channels=stream.channels,
        sample_rate_hz=int(stream.sample_rate) if _BYTES.fullmatch(stream.sample_rate) else 0,
        language=stream.tags.language if _LANGUAGE.fullmatch(stream.tags.language) else None,
        duration_s=stream.duration_s,
        profile=stream.profile,
    )


def _pixel_aspect(stream: _Stream) -> float:
    """Width divided by height, after rotation; 1.0 if the file does not state it (ffprobe writes 0:1)."""
    ratio = _ASPECT.fullmatch(stream.sample_aspect_ratio)
    if ratio is None:
        return 1.0
    width, height = int(ratio[1]), int(ratio[2])
    return height / width if stream.is_on_its_side else width / height


def _duration_s(report: Report) -> float:
    """The playing time. Matroska and MP4 state their end time, so the start time is subtracted.

    For a truncated AVI, ffprobe reports the duration of the remaining part, but the frame count of the whole file.
    """
    stated_s, video = _seconds(_stated_duration(report)), report.video
    if report.format.format_name.partition(",")[0] in _FORMATS_WITH_DURATION and report.format.duration not in _ABSENT:
        return stated_s - _start_s(report.format.start_time)
    frame_rate = _frame_rate(video.avg_frame_rate)
    if report.format.format_name != "avi" or not _BYTES.fullmatch(video.nb_frames) or frame_rate == 0:
        return stated_s
    return max(stated_s, int(video.nb_frames) / frame_rate)


def _stated_duration(report: Report) -> str:
    return report.format.duration if report.format.duration not in _ABSENT else report.video.duration


def _check_codec(track: str, codec: str, known: frozenset[str]) -> None:
    if codec not in known:
        raise MediaRejected(
            f"The {track} is encoded as {codec or 'something unknown'}, which is not supported.",
            code=FailureCode.UNSUPPORTED_CODEC.value,
        )


def _seconds(text: str) -> float:
    if not _SECONDS.fullmatch(text):
        raise _malformed("The file states no duration.")
    return float(text)


def _start_s(text: str) -> float:
    return float(text) if _START.fullmatch(text) else 0.0


def _integer(text: str) -> int:
    if not _BYTES.fullmatch(text):
        raise _malformed("ffprobe reports no size of the file.")
    return int(text)


def _frame_rate(text: str) -> float:
    """Frames per second; 0.0 if the file does not state it (ffprobe writes 0/0)."""
    match = _RATE.fullmatch(text)
    if match is None or int(match[2]) == 0:
        return 0.0
    return int(match[1]) / int(match[2])


def _malformed(message: str) -> MediaRejected:
    return MediaRejected(message, code=FailureCode.MALFORMED_VIDEO.value)
