"""Reading ffprobe's report strictly: a number that is not plainly one is refused."""

import re

import msgspec

from adapters.ffmpeg.arguments import AUDIO_CODECS, VIDEO_CODECS
from domain.model.errors import MediaRejected
from domain.model.failure import FailureCode
from domain.model.media import MediaInfo

# Neither sign nor exponent: N/A, NaN, -1 and 1e308 all fail, however they are written.
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_RATE = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)
_BYTES = re.compile(r"\d{1,18}", re.ASCII)
_ABSENT = {"", "N/A"}
_HDR_TRANSFERS = {"smpte2084", "arib-std-b67"}
_QUARTER_TURN = 90


class _Disposition(msgspec.Struct):
    attached_pic: int = 0


class _SideData(msgspec.Struct):
    rotation: float = 0.0


class _Stream(msgspec.Struct):
    codec_type: str = ""
    codec_name: str = ""
    width: int = 0
    height: int = 0
    avg_frame_rate: str = ""
    r_frame_rate: str = ""
    duration: str = ""
    color_transfer: str = ""
    disposition: _Disposition = msgspec.field(default_factory=_Disposition)
    side_data_list: list[_SideData] = []

    @property
    def is_video(self) -> bool:
        """Cover art is a video stream as well, but not one that plays."""
        return self.codec_type == "video" and not self.disposition.attached_pic

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height after rotation."""
        turned = any(round(side.rotation) % (2 * _QUARTER_TURN) == _QUARTER_TURN for side in self.side_data_list)
        return (self.height, self.width) if turned else (self.width, self.height)


class _Format(msgspec.Struct):
    format_name: str
    nb_streams: int
    size: str = ""
    duration: str = ""


class Report(msgspec.Struct):
    """What ffprobe said."""

    format: _Format
    streams: list[_Stream]

    @property
    def video(self) -> _Stream:
        """The first stream that plays as a picture.

        Raises:
            MediaRejected: `not_a_video`, there is none.
        """
        for stream in self.streams:
            if stream.is_video:
                return stream
        raise MediaRejected("There is no picture in this file.", code=FailureCode.NOT_A_VIDEO.value)

    @property
    def is_hdr(self) -> bool:
        """The picture's brightness is coded as PQ or HLG."""
        return self.video.color_transfer in _HDR_TRANSFERS

    @property
    def says_duration(self) -> bool:
        """Container or picture has a duration; WebM as browsers record it has none."""
        return _stated_duration(self) not in _ABSENT


def parse_report(text: str) -> Report:
    """What ffprobe wrote, from JSON.

    Raises:
        MediaRejected: `malformed_video`, it is not what ffprobe writes about a sound file.
    """
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.MsgspecError as error:
        raise _malformed("The file's description makes no sense.") from error


def media_info(report: Report, *, measured_s: float | None = None) -> MediaInfo:
    """The report in our words; `measured_s` stands in for a duration that the file does not say.

    Raises:
        MediaRejected: `not_a_video`, `malformed_video` or `unsupported_codec`.
    """
    video = report.video
    audio = next((stream for stream in report.streams if stream.codec_type == "audio"), None)
    _check_codec("picture", video.codec_name, VIDEO_CODECS)
    if audio is not None:
        _check_codec("sound", audio.codec_name, AUDIO_CODECS)
    width, height = video.shown_size
    return MediaInfo(
        container=report.format.format_name.partition(",")[0],
        duration_s=_seconds(_stated_duration(report)) if measured_s is None else measured_s,
        width=width,
        height=height,
        frame_rate=_frame_rate(video.avg_frame_rate) or _frame_rate(video.r_frame_rate),
        video_codec=video.codec_name,
        audio_codec=None if audio is None else audio.codec_name,
        stream_count=report.format.nb_streams,
        size_bytes=_whole(report.format.size),
    )


def _stated_duration(report: Report) -> str:
    return report.format.duration if report.format.duration not in _ABSENT else report.video.duration


def _check_codec(track: str, codec: str, known: frozenset[str]) -> None:
    if codec not in known:
        raise MediaRejected(
            f"The {track} is coded as {codec or 'something unknown'}, which is not supported.",
            code=FailureCode.UNSUPPORTED_CODEC.value,
        )


def _seconds(text: str) -> float:
    if not _SECONDS.fullmatch(text):
        raise _malformed("The file does not say how long it is.")
    return float(text)


def _whole(text: str) -> int:
    if not _BYTES.fullmatch(text):
        raise _malformed("The file does not say how large it is.")
    return int(text)


def _frame_rate(text: str) -> float:
    """Frames a second, 0.0 if the file does not say (ffprobe then writes 0/0)."""
    match = _RATE.fullmatch(text)
    if match is None or int(match[2]) == 0:
        return 0.0
    return int(match[1]) / int(match[2])


def _malformed(message: str) -> MediaRejected:
    return MediaRejected(message, code=FailureCode.MALFORMED_VIDEO.value)
