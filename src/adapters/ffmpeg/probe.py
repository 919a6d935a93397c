"""Parses ffprobe's report strictly: numbers in an unexpected format are rejected or ignored."""

import re
from dataclasses import replace
from typing import NoReturn

import msgspec

from adapters.ffmpeg.allowed_formats import AUDIO_CODECS, VIDEO_CODECS
from adapters.ffmpeg.display_matrix import DisplayMatrix, parse_matrix
from domain.model.errors import MediaRejected
from domain.model.failure import FailureCode
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey
from domain.model.media.sound_choice import AudioCandidate, by_preference, names_auxiliary_sound

# No sign and no exponent: N/A, NaN, -1 and 1e308 do not match, in any spelling.
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_RATE = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)
_BYTES = re.compile(r"\d{1,18}", re.ASCII)
_ABSENT = {"", "N/A"}
_UNKNOWN_LAYOUT = "unknown"
UNKNOWN_CODEC = "an unknown codec"
_START = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_ASPECT = re.compile(r"([1-9]\d{0,8}):([1-9]\d{0,8})", re.ASCII)
_CLOCK = re.compile(r"(\d{2,4}):(\d{2}):(\d{2}\.\d{1,9})", re.ASCII)
# ISO 639-2 codes have three letters; `und` stands for an undetermined language.
_LANGUAGE = re.compile(r"(?!und)[a-z]{3}", re.ASCII)
_INTERLACED = {"tt", "bb", "tb", "bt"}
_FORMATS_WITH_DURATION = {"matroska", "mov"}
_FIELDS = 2


class _Disposition(msgspec.Struct):
    default: int = 0
    attached_pic: int = 0
    still_image: int = 0
    timed_thumbnails: int = 0
    comment: int = 0
    dub: int = 0
    karaoke: int = 0
    hearing_impaired: int = 0
    visual_impaired: int = 0
    clean_effects: int = 0
    descriptions: int = 0

    @property
    def is_auxiliary(self) -> bool:
        """Whether the stream is for a part of the audience, or replaces another one."""
        impaired = self.hearing_impaired or self.visual_impaired or self.descriptions
        return bool(self.comment or self.dub or self.karaoke or self.clean_effects or impaired)


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
    title: str = ""


class Stream(msgspec.Struct):
    """One stream of a report; a property that the file does not state is empty or 0."""

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
    channel_layout: str = ""
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
    def is_layout_unknown(self) -> bool:
        """Whether the file does not say which loudspeakers its channels are for."""
        return self.channel_layout in {"", _UNKNOWN_LAYOUT}

    @property
    def states_content(self) -> bool:
        """Whether the file states frames or a length of the stream; `duration` may be that of the container."""
        clock = _CLOCK.fullmatch(self.tags.DURATION)
        has_length = clock is not None and any(float(part) > 0 for part in clock.groups())
        return has_length or (_BYTES.fullmatch(self.nb_frames) is not None and int(self.nb_frames) > 0)

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
    def frame_rate(self) -> float:
        """Frames per second on average; 0.0 if it is unknown.

        Of raw DV, ffmpeg 7 and later report the time base as the average. An average cannot exceed the rate at which
        the time of every frame is a multiple, unless that rate is of pairs of fields.
        """
        average, common = _frame_rate(self.avg_frame_rate), _frame_rate(self.r_frame_rate)
        return common if average == 0 or 0 < _FIELDS * common < average else average

    @property
    def duration_s(self) -> float | None:
        """The duration that the stream states (Matroska: in a tag); None if it states none."""
        if _SECONDS.fullmatch(self.duration):
            return float(self.duration)
        clock = _CLOCK.fullmatch(self.tags.DURATION)
        if clock is None:
            return None
        return 3600 * int(clock[1]) + 60 * int(clock[2]) + float(clock[3]) - _start_s(self.start_time)


class _Programme(msgspec.Struct):
    streams: list[Stream] = []


class _Format(msgspec.Struct):
    format_name: str
    nb_streams: int
    size: str = ""
    start_time: str = ""
    duration: str = ""


class Report(msgspec.Struct):
    """The parts of ffprobe's JSON report that we use."""

    format: _Format
    streams: list[Stream]
    packets: list[_Packet] = []
    is_duration_estimated: bool = False
    programs: list[_Programme] = []
    lost_sound: str | None = None

    @property
    def is_encrypted(self) -> bool:
        """Whether one of the first packets is encrypted (ISO/IEC 23001-7)."""
        kinds = [side.side_data_type for packet in self.packets for side in packet.side_data_list]
        return any(kind.startswith("Encryption") for kind in kinds)

    @property
    def video(self) -> Stream | None:
        """The stream that plays as a picture, if there is one."""
        return _chosen([stream for stream in self.streams if stream.is_video], VIDEO_CODECS)

    @property
    def audio(self) -> Stream | None:
        """The stream that plays as sound, if there is one that we decode."""
        return next((stream for stream in self.sounds if stream.codec_name in AUDIO_CODECS), None)

    @property
    def sounds(self) -> list[Stream]:
        """The audio streams; the first of them that can be heard is the one that plays."""
        tracks = [stream for stream in self.streams if stream.codec_type == "audio"]
        beside = self._beside_picture
        candidates = [
            AudioCandidate(
                place,
                is_decodable=stream.codec_name in AUDIO_CODECS,
                is_beside_picture=not beside or stream.index in beside,
                is_auxiliary=stream.disposition.is_auxiliary or names_auxiliary_sound(stream.tags.title),
                is_default=bool(stream.disposition.default),
            )
            for place, stream in enumerate(tracks)
        ]
        return [tracks[candidate.place] for candidate in by_preference(candidates)]

    def with_sound(self, chosen: Stream) -> "Report":
        """The report with this audio stream alone."""
        others = [stream for stream in self.streams if stream.codec_type != "audio"]
        return msgspec.structs.replace(self, streams=[*others, chosen])

    def without_sound(self, lost: str | None) -> "Report":
        """The report without any audio stream; `lost` is the codec of one that cannot be decoded."""
        streams = [stream for stream in self.streams if stream.codec_type != "audio"]
        return msgspec.structs.replace(self, streams=streams, lost_sound=lost)

    @property
    def _beside_picture(self) -> set[int]:
        """The streams of the programmes that the picture belongs to; none if there are no programmes."""
        picture = self.video
        programmes = [{stream.index for stream in programme.streams} for programme in self.programs]
        return set[int]().union(*(each for each in programmes if picture is not None and picture.index in each))

    @property
    def states_duration(self) -> bool:
        """Whether the container or a track states a valid duration; WebM recorded by browsers states none.

        Where a file states only its bit rate, as many MP3 and all ADTS files do, ffprobe estimates the duration.
        """
        return not self.is_duration_estimated and _SECONDS.fullmatch(_stated_duration(self)) is not None

    def without(self, index: int) -> "Report":
        """The report without one stream, which has no packets."""
        return msgspec.structs.replace(self, streams=[each for each in self.streams if each.index != index])

    @property
    def container(self) -> str:
        """The container, by its short name in ffmpeg."""
        return self.format.format_name.partition(",")[0]

    @property
    def played(self) -> list[int]:
        """The indexes of the streams that play as picture and sound."""
        return [stream.index for stream in (self.video, self.audio) if stream is not None]

    @property
    def passive(self) -> list[int]:
        """The indexes of the streams that are neither video nor audio, and of cover art."""
        return [
            stream.index
            for stream in self.streams
            if not stream.is_video and stream.codec_type != "audio" and stream.codec_type
        ]


def parse_report(text: str, *, is_duration_estimated: bool = False) -> Report:
    """The report, from ffprobe's JSON.

    Raises:
        MediaRejected: `malformed_video`, the JSON is not what ffprobe writes about an intact file.
    """
    try:
        report = msgspec.json.decode(text, type=Report)
    except msgspec.MsgspecError as error:
        raise _malformed("The description of the file cannot be parsed.") from error
    return msgspec.structs.replace(report, is_duration_estimated=is_duration_estimated)


def unwritten_video(report: Report, survey: PacketSurvey) -> int | None:
    """The index of the video stream if it was declared but never written: the file is whole and has other packets."""
    video = report.video
    if video is None or survey.track(video.index) is not None or video.states_content:
        return None
    is_whole = survey.is_complete and not survey.is_cut
    return video.index if is_whole and survey.tracks else None


def media_info(report: Report, *, measured_s: float | None = None) -> MediaInfo:
    """The report as domain values; `measured_s` replaces a duration that the file does not state.

    Raises:
        MediaRejected: `not_a_video`, `malformed_video`, `unsupported_codec` or `encrypted_video`.
    """
    if report.is_encrypted:
        raise MediaRejected("The video is encrypted.", code=FailureCode.ENCRYPTED_VIDEO.value)
    video = report.video
    audio = report.audio
    if video is None and audio is None:
        if report.lost_sound is not None:
            _reject_lost(report.lost_sound)
        raise MediaRejected("There is neither picture nor sound in this file.", code=FailureCode.NOT_A_VIDEO.value)
    if video is not None:
        _check_codec("picture", video.codec_name, VIDEO_CODECS)
    width, height = (0, 0) if video is None else video.display_size
    return MediaInfo(
        container=report.container,
        duration_s=_duration_s(report) if measured_s is None else measured_s,
        width=width,
        height=height,
        frame_rate=0.0 if video is None else video.frame_rate,
        video_codec=None if video is None else video.codec_name,
        audio_codec=None if audio is None else audio.codec_name,
        stream_count=report.format.nb_streams,
        size_bytes=_integer(report.format.size),
        picture=VideoTrack() if video is None else _video_track(video),
        sound=_sound(report, audio),
        lost_sound=report.lost_sound,
    )


def _sound(report: Report, audio: Stream | None) -> AudioTrack:
    if audio is None:
        return AudioTrack()
    track = _audio_track(audio)
    return replace(track, duration_s=None) if report.is_duration_estimated else track


def _chosen(streams: list[Stream], known: frozenset[str]) -> Stream | None:
    """Of the streams that we decode, the default one, as players choose, or else the first."""
    decoded = [stream for stream in streams if stream.codec_name in known] or streams
    return next((stream for stream in decoded if stream.disposition.default), next(iter(decoded), None))


def _video_track(stream: Stream) -> VideoTrack:
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


def _matrix(stream: Stream) -> str:
    """The colour matrix; VP8 has only one (RFC 6386, 9.2), which ffprobe does not report."""
    return "smpte170m" if stream.codec_name == "vp8" else stream.color_space


def _audio_track(stream: Stream) -> AudioTrack:
    return AudioTrack(
        index=stream.index,
        channels=stream.channels,
        sample_rate_hz=int(stream.sample_rate) if _BYTES.fullmatch(stream.sample_rate) else 0,
        language=stream.tags.language if _LANGUAGE.fullmatch(stream.tags.language) else None,
        duration_s=stream.duration_s,
        profile=stream.profile,
        layout="" if stream.is_layout_unknown else stream.channel_layout,
    )


def _pixel_aspect(stream: Stream) -> float:
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
    if report.container in _FORMATS_WITH_DURATION and report.format.duration not in _ABSENT:
        return stated_s - _start_s(report.format.start_time)
    frame_rate = 0.0 if video is None else _frame_rate(video.avg_frame_rate)
    if video is None or report.format.format_name != "avi" or not _BYTES.fullmatch(video.nb_frames) or frame_rate == 0:
        return stated_s
    return max(stated_s, int(video.nb_frames) / frame_rate)


def _stated_duration(report: Report) -> str:
    longest = report.video or report.audio
    if report.format.duration in _ABSENT and longest is not None:
        return longest.duration
    return report.format.duration


def _check_codec(track: str, codec: str, known: frozenset[str]) -> None:
    if codec not in known:
        raise MediaRejected(
            f"The {track} is encoded as {codec or 'something unknown'}, which is not supported.",
            code=FailureCode.UNSUPPORTED_CODEC.value,
        )


def _reject_lost(codec: str) -> NoReturn:
    """Refuse sound alone that can't be decoded: its codec is not supported, or it is damaged throughout."""
    _check_codec("sound", codec, AUDIO_CODECS)
    raise _malformed(f"The sound can't be decoded ({codec}).")


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
