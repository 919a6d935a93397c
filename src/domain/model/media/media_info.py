"""The properties of media files and their tracks."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.model.media.packet_survey import PacketSurvey, TrackPackets

_HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})
# The colour matrices that every supported ffmpeg converts. Others are rare, reserved or invalid.
KNOWN_MATRICES = frozenset({"bt709", "smpte170m", "bt470bg", "fcc", "smpte240m", "bt2020nc"})
_ALPHA = ("yuva", "gbrap", "rgba", "argb", "bgra", "abgr", "ya")
_RGB = ("gbr", "rgb", "bgr", "argb", "abgr")
_HD_SIDE = 720
_PAL_HEIGHTS = frozenset({288, 576})


def guessed_matrix(width: int, height: int) -> str:
    """The colour matrix that players assume for a picture of this size without one."""
    if min(width, height) >= _HD_SIDE:
        return "bt709"
    return "bt470bg" if height in _PAL_HEIGHTS else "smpte170m"


def is_hdr_transfer(transfer: str) -> bool:
    """Whether this transfer function is PQ or HLG."""
    return transfer in _HDR_TRANSFERS


def has_alpha(pixel_format: str) -> bool:
    """Whether pixels in this format may be transparent."""
    return pixel_format.startswith(_ALPHA)


def is_rgb(pixel_format: str) -> bool:
    """Whether pixels in this format are red, green and blue."""
    return pixel_format.startswith(_RGB)


class MediaKind(StrEnum):
    """Whether a file has a picture that plays; sound with cover art is `audio`."""

    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """The video track: its index in the file, and the properties of its pixels.

    `pixel_aspect` is a pixel's displayed width divided by its height, after rotation. `is_turned` says that the
    container asks for a rotation or a reflection. `is_skewed` says that it asks for anything but quarter turns and
    reflections, and `is_cropped` that it asks for a part of the picture; both are ignored. Names of profiles, formats
    and colours are ffmpeg's, empty if the file has none. `nominal_rate` is the rate of the finest grid on which the
    frames lie, 0.0 if unknown.
    """

    index: int = 0
    pixel_format: str = ""
    pixel_aspect: float = 1.0
    is_turned: bool = False
    is_interlaced: bool = False
    matrix: str = ""
    primaries: str = ""
    transfer: str = ""
    duration_s: float | None = None
    profile: str = ""
    start_s: float = 0.0
    frame_count: int | None = None
    nominal_rate: float = 0.0
    is_skewed: bool = False
    is_cropped: bool = False

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer function is PQ or HLG."""
        return is_hdr_transfer(self.transfer)


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """The audio track: its index in the file and its properties, 0 if unknown; `language` is ISO 639-2.

    `layout` is ffmpeg's name of the loudspeakers of its channels, empty if the file does not state it. `right_index` is
    a second track of one channel, which is heard on the right, and this one on the left; the properties are those of
    both together.
    """

    index: int = 1
    channels: int = 0
    sample_rate_hz: int = 0
    language: str | None = None
    duration_s: float | None = None
    profile: str = ""
    layout: str = ""
    right_index: int | None = None

    @property
    def indexes(self) -> tuple[int, ...]:
        """The track in the file; the left and the right one if there are two."""
        return (self.index,) if self.right_index is None else (self.index, self.right_index)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """A file as its container and its packets describe it; nothing but the beginning of its sound has been decoded.

    `width` and `height` are in pixels, after rotation; `frame_rate` is in frames per second, 0.0 if unknown. If there
    are several tracks, `picture` and `sound` are the ones that players play. `sound` is meaningless if `audio_codec` is
    None. `lost_sound` is the codec of the audio track that would play if it could be decoded; another track plays
    instead of it, or none. `unused_sounds` are further tracks that are meant to be heard, but do not play.
    `packets` is what reading all packets has shown; it is not stored with the video. If `video_codec` is None, the file
    is sound alone: `picture` is meaningless, and size and frame rate are 0.
    """

    container: str
    duration_s: float
    width: int
    height: int
    frame_rate: float
    video_codec: str | None
    audio_codec: str | None
    stream_count: int
    size_bytes: int
    picture: VideoTrack = VideoTrack()
    sound: AudioTrack = AudioTrack()
    lost_sound: str | None = None
    unused_sounds: tuple[int, ...] = ()
    packets: PacketSurvey | None = field(default=None, compare=False)

    @property
    def picture_packets(self) -> TrackPackets | None:
        """The packets of the video track, if they are known."""
        return None if self.packets is None or not self.has_picture else self.packets.track(self.picture.index)

    @property
    def sound_packets(self) -> TrackPackets | None:
        """The packets of the audio track, if they are known."""
        return None if self.packets is None or not self.has_audio else self.packets.track(self.sound.index)

    @property
    def kind(self) -> MediaKind:
        """Video, or sound alone."""
        return MediaKind.VIDEO if self.has_picture else MediaKind.AUDIO

    @property
    def has_picture(self) -> bool:
        """Whether there is a video track."""
        return self.video_codec is not None

    @property
    def has_audio(self) -> bool:
        """Whether there is an audio track."""
        return self.audio_codec is not None
