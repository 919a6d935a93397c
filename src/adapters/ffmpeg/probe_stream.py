"""One stream of ffprobe's report, and the numbers in it; those in an unexpected format are ignored."""

import re

import msgspec

from adapters.ffmpeg.display_matrix import DisplayMatrix, parse_matrix

# No sign and no exponent: N/A, NaN, -1 and 1e308 do not match, in any spelling.
SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
COUNT = re.compile(r"\d{1,18}", re.ASCII)
_RATE = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)
_START = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_ASPECT = re.compile(r"([1-9]\d{0,8}):([1-9]\d{0,8})", re.ASCII)
_CLOCK = re.compile(r"(\d{2,4}):(\d{2}):(\d{2}\.\d{1,9})", re.ASCII)
# ISO 639-2 codes have three letters; `und` stands for an undetermined language.
_LANGUAGE = re.compile(r"(?!und)[a-z]{3}", re.ASCII)
_UNKNOWN_LAYOUT = "unknown"
_INTERLACED = {"tt", "bb", "tb", "bt"}
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


class SideData(msgspec.Struct):
    """Side data of a stream or a packet."""

    rotation: float = 0.0
    displaymatrix: str = ""
    side_data_type: str = ""

    @property
    def matrix(self) -> DisplayMatrix:
        """What the display matrix does to the picture; nothing if this is other side data."""
        return parse_matrix(self.displaymatrix, self.rotation)


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
    side_data_list: list[SideData] = []

    @property
    def is_video(self) -> bool:
        """Whether the stream is a video that plays; cover art is stored as a video stream too."""
        is_still = self.disposition.attached_pic or self.disposition.still_image or self.disposition.timed_thumbnails
        return self.codec_type == "video" and not is_still

    @property
    def sample_rate_hz(self) -> int:
        """Samples per second; 0 if it is unknown."""
        return int(self.sample_rate) if COUNT.fullmatch(self.sample_rate) else 0

    @property
    def is_layout_unknown(self) -> bool:
        """Whether the file does not say which loudspeakers its channels are for."""
        return self.channel_layout in {"", _UNKNOWN_LAYOUT}

    @property
    def states_content(self) -> bool:
        """Whether the file states frames or a length of the stream; `duration` may be that of the container."""
        clock = _CLOCK.fullmatch(self.tags.DURATION)
        has_length = clock is not None and any(float(part) > 0 for part in clock.groups())
        return has_length or (self.frame_count or 0) > 0

    @property
    def is_turned(self) -> bool:
        """Whether a display matrix changes the picture."""
        return any(side.matrix.is_turned for side in self.side_data_list)

    @property
    def is_skewed(self) -> bool:
        """Whether a display matrix distorts the picture, or turns it by other than a quarter."""
        return any(side.matrix.is_skewed for side in self.side_data_list)

    @property
    def is_cropped(self) -> bool:
        """Whether the container asks for a part of the picture."""
        return any(side.side_data_type == "Frame Cropping" for side in self.side_data_list)

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
        average, common = self.average_rate, self.nominal_rate
        return common if average == 0 or 0 < _FIELDS * common < average else average

    @property
    def states_rate(self) -> bool:
        """Whether the file states how many frames a second it has; recordings of browsers state only their times."""
        return self.average_rate > 0

    @property
    def average_rate(self) -> float:
        """The average as ffprobe reports it; 0.0 if it is unknown."""
        return _frame_rate(self.avg_frame_rate)

    @property
    def nominal_rate(self) -> float:
        """The rate of the finest grid on which the frames lie; 0.0 if it is unknown."""
        return _frame_rate(self.r_frame_rate)

    @property
    def frame_count(self) -> int | None:
        """The number of frames that the file states."""
        return int(self.nb_frames) if COUNT.fullmatch(self.nb_frames) else None

    @property
    def pixel_aspect(self) -> float:
        """Width divided by height, after rotation; 1.0 if the file does not state it (ffprobe writes 0:1)."""
        ratio = _ASPECT.fullmatch(self.sample_aspect_ratio)
        if ratio is None:
            return 1.0
        width, height = int(ratio[1]), int(ratio[2])
        return height / width if self.is_on_its_side else width / height

    @property
    def matrix(self) -> str:
        """The colour matrix; VP8 has only one (RFC 6386, 9.2), which ffprobe does not report."""
        return "smpte170m" if self.codec_name == "vp8" else self.color_space

    @property
    def is_interlaced(self) -> bool:
        """Whether the file says that frames consist of two fields."""
        return self.field_order in _INTERLACED

    @property
    def language(self) -> str | None:
        """The language as an ISO 639-2 code; None if it is not known."""
        return self.tags.language if _LANGUAGE.fullmatch(self.tags.language) else None

    @property
    def start_s(self) -> float:
        """The time of the first frame; 0.0 if it is unknown."""
        return start_s(self.start_time)

    @property
    def duration_s(self) -> float | None:
        """The duration that the stream states (Matroska: in a tag); None if it states none."""
        if SECONDS.fullmatch(self.duration):
            return float(self.duration)
        clock = _CLOCK.fullmatch(self.tags.DURATION)
        if clock is None:
            return None
        return 3600 * int(clock[1]) + 60 * int(clock[2]) + float(clock[3]) - self.start_s


def start_s(text: str) -> float:
    """A time in seconds, which may be negative; 0.0 if it is unknown."""
    return float(text) if _START.fullmatch(text) else 0.0


def _frame_rate(text: str) -> float:
    """Frames per second; 0.0 if the file does not state it (ffprobe writes 0/0)."""
    match = _RATE.fullmatch(text)
    if match is None or int(match[2]) == 0:
        return 0.0
    return int(match[1]) / int(match[2])
