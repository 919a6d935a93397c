"""Parses ffprobe's report strictly: numbers in an unexpected format are rejected or ignored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

import msgspec

from adapters.ffmpeg.allowed_formats import AUDIO_CODECS, VIDEO_CODECS
from adapters.ffmpeg.probe_arguments import PROBED_PACKETS
from adapters.ffmpeg.probe_packet import ListedPacket
from adapters.ffmpeg.probe_stream import COUNT, SECONDS, Stream, start_s
from domain.model.errors import MediaRejected
from domain.model.failure import FailureCode
from domain.model.media.frame_rate import with_measured_rate
from domain.model.media.measured_durations import with_measured_durations
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey
from domain.model.media.sound_choice import AudioCandidate, by_preference, names_auxiliary_sound

_ABSENT = {"", "N/A"}
UNKNOWN_CODEC = "an unknown codec"
_FORMATS_WITH_DURATION = {"matroska", "mov"}


class _Programme(msgspec.Struct):
    streams: list[Stream] = []


class _Format(msgspec.Struct):
    format_name: str
    nb_streams: int
    size: str = ""
    start_time: str = ""
    duration: str = ""


class Report(msgspec.Struct):
    """The parts of ffprobe's JSON report that we use.

    `packets` are the first ones of the file; with `lists_all_packets`, they are all of them.
    """

    format: _Format
    streams: list[Stream]
    packets: list[ListedPacket] = []
    lists_all_packets: bool = False
    is_duration_estimated: bool = False
    programs: list[_Programme] = []
    lost_sound: str | None = None
    right_sound: int | None = None
    unused_sounds: tuple[int, ...] = ()

    @property
    def is_encrypted(self) -> bool:
        """Whether one of the first packets is encrypted (ISO/IEC 23001-7)."""
        kinds = [side.side_data_type for packet in self.packets[:PROBED_PACKETS] for side in packet.side_data_list]
        return any(kind.startswith("Encryption") for kind in kinds)

    @property
    def video(self) -> Stream | None:
        """The stream that plays as a picture, if there is one."""
        return _chosen([stream for stream in self.streams if stream.is_video], VIDEO_CODECS)

    @property
    def audio(self) -> Stream | None:
        """The stream that plays as sound, if there is one that we decode; of a pair, the left one."""
        candidates = self.candidates()
        for each in by_preference(candidates):
            if each.is_decodable and each.index != self.right_sound:
                return self.sounds[candidates.index(each)]
        return None

    @property
    def sounds(self) -> list[Stream]:
        """The audio streams, in the order of the file."""
        return [stream for stream in self.streams if stream.codec_type == "audio"]

    def candidates(self, sounding_s: Mapping[int, float] | None = None) -> list[AudioCandidate]:
        """The audio streams as candidates for the sound that plays; with the time that the packets of each last."""
        beside = self._beside_picture
        return [
            AudioCandidate(
                stream.index,
                is_decodable=stream.codec_name in AUDIO_CODECS,
                is_beside_picture=not beside or stream.index in beside,
                is_auxiliary=stream.disposition.is_auxiliary or names_auxiliary_sound(stream.tags.title),
                is_default=bool(stream.disposition.default),
                codec=stream.codec_name,
                channels=stream.channels,
                sample_rate_hz=stream.sample_rate_hz,
                language=stream.language,
                title=stream.tags.title,
                sounding_s=None if sounding_s is None else sounding_s.get(stream.index, 0.0),
            )
            for stream in self.sounds
        ]

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
        return not self.is_duration_estimated and SECONDS.fullmatch(_stated_duration(self)) is not None

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
        found = [stream.index for stream in (self.video, self.audio) if stream is not None]
        return found if self.right_sound is None else [*found, self.right_sound]

    @property
    def passive(self) -> list[int]:
        """The indexes of the streams that are neither video nor audio, and of cover art."""
        return [
            stream.index
            for stream in self.streams
            if not stream.is_video and stream.codec_type != "audio" and stream.codec_type
        ]


def parse_report(text: str, *, is_duration_estimated: bool = False, listed_packets: int = 0) -> Report:
    """The report, from ffprobe's JSON; it lists all packets if they are fewer than `listed_packets`.

    Raises:
        MediaRejected: `malformed_video`, the JSON is not what ffprobe writes about an intact file.
    """
    try:
        report = msgspec.json.decode(text, type=Report)
    except msgspec.MsgspecError as error:
        raise _malformed("The description of the file cannot be parsed.") from error
    lists_all = len(report.packets) < listed_packets
    return msgspec.structs.replace(report, is_duration_estimated=is_duration_estimated, lists_all_packets=lists_all)


def unwritten_video(report: Report, survey: PacketSurvey) -> int | None:
    """The index of the video stream if it was declared but never written: the file is whole and has other packets."""
    video = report.video
    if video is None or survey.track(video.index) is not None or video.states_content:
        return None
    is_whole = survey.is_complete and not survey.is_cut
    return video.index if is_whole and survey.tracks else None


def measured_media(report: Report, survey: PacketSurvey) -> MediaInfo:
    """The report as domain values, with what the packets say where the file states nothing or something else.

    Raises:
        MediaRejected: what `media_info` raises.
    """
    stated = media_info(report, measured_s=None if report.states_duration else 0.0)
    media = with_measured_durations(stated, survey)
    return media if report.video is None or report.video.states_rate else with_measured_rate(media)


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
        unused_sounds=report.unused_sounds,
    )


def _sound(report: Report, audio: Stream | None) -> AudioTrack:
    if audio is None:
        return AudioTrack()
    track = _audio_track(audio)
    if report.right_sound is not None:
        track = replace(track, channels=2, layout="stereo", right_index=report.right_sound)
    return replace(track, duration_s=None) if report.is_duration_estimated else track


def _chosen(streams: list[Stream], known: frozenset[str]) -> Stream | None:
    """Of the streams that we decode, the default one, as players choose, or else the first."""
    decoded = [stream for stream in streams if stream.codec_name in known] or streams
    return next((stream for stream in decoded if stream.disposition.default), next(iter(decoded), None))


def _video_track(stream: Stream) -> VideoTrack:
    return VideoTrack(
        index=stream.index,
        pixel_format=stream.pix_fmt,
        pixel_aspect=stream.pixel_aspect,
        is_turned=stream.is_turned,
        is_interlaced=stream.is_interlaced,
        matrix=stream.matrix,
        primaries=stream.color_primaries,
        transfer=stream.color_transfer,
        duration_s=stream.duration_s,
        profile=stream.profile,
        start_s=stream.start_s,
        frame_count=stream.frame_count,
        nominal_rate=stream.nominal_rate,
        is_skewed=stream.is_skewed,
        is_cropped=stream.is_cropped,
    )


def _audio_track(stream: Stream) -> AudioTrack:
    return AudioTrack(
        index=stream.index,
        channels=stream.channels,
        sample_rate_hz=stream.sample_rate_hz,
        language=stream.language,
        duration_s=stream.duration_s,
        profile=stream.profile,
        layout="" if stream.is_layout_unknown else stream.channel_layout,
    )


def _duration_s(report: Report) -> float:
    """The playing time. Matroska and MP4 state their end time, so the start time is subtracted.

    For a truncated AVI, ffprobe reports the duration of the remaining part, but the frame count of the whole file.
    """
    stated_s, video = _seconds(_stated_duration(report)), report.video
    if report.container in _FORMATS_WITH_DURATION and report.format.duration not in _ABSENT:
        return stated_s - start_s(report.format.start_time)
    if video is None or report.container != "avi" or video.frame_count is None or video.average_rate == 0:
        return stated_s
    return max(stated_s, video.frame_count / video.average_rate)


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
    if not SECONDS.fullmatch(text):
        raise _malformed("The file states no duration.")
    return float(text)


def _integer(text: str) -> int:
    if not COUNT.fullmatch(text):
        raise _malformed("ffprobe reports no size of the file.")
    return int(text)


def _malformed(message: str) -> MediaRejected:
    return MediaRejected(message, code=FailureCode.MALFORMED_VIDEO.value)
