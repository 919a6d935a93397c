"""Filter graphs for the picture: its size and frame rate, its colours, and what every screen can show of it."""

from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from domain.model.media import CompressionProfile, MediaInfo, PictureTrack
from domain.model.picture_size import rendition_frame_rate, rendition_size, shown_size, within
from domain.model.storyboard import StoryboardSheet

POSTER_WIDTH = 1280
# Below this share of black pixels there is something to see.
BLACK_PERCENT = 98

_HD_SIDE = 720
# JPEG can't say how colours are mixed: it is always as on old television.
_AS_JPEG = ":out_color_matrix=bt601"
_PAL_HEIGHTS = frozenset({288, 576})
_RGB = ("gbr", "rgb", "bgr", "argb", "abgr")
_ALPHA = ("yuva", "gbrap", "rgba", "argb", "bgra", "abgr", "ya")
_KNOWN_MATRICES = frozenset({"bt709", "smpte170m", "bt470bg", "fcc", "smpte240m", "bt2020nc"})

# HDR always comes in BT.2020; naming it keeps files with incomplete tags from being refused.
_TO_SDR = (
    "zscale=pin=bt2020:min=2020_ncl:t=linear:npl=100",
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
)


def rendition_filter(media: MediaInfo, profile: CompressionProfile) -> str:
    """Fields made whole, fewer frames, square pixels, smaller, opaque, and 8-bit 4:2:0 as every player takes it."""
    width, height = rendition_size(media, profile.max_height)
    return ",".join(
        [
            # One frame of every two fields; frames that are none of such two stay as they are.
            *(["bwdif=mode=send_frame:deint=interlaced"] if media.picture.is_interlaced else []),
            *_slower(media, profile),
            f"scale={width}:{height}{_into_matrix(media)}:out_range=tv",
            "setsar=1",
            # What is not there is black; beneath it anything may lie.
            *(["format=yuva444p", "premultiply=inplace=1"] if media.picture.pixel_format.startswith(_ALPHA) else []),
            *(_TO_SDR if media.picture.is_hdr else ()),
            "format=yuv420p",
            *_large_enough(width, height, profile),
            _tags(media),
        ]
    )


def poster_filter(media: MediaInfo, *, takes_black: bool) -> str:
    """The first picture that is not black, or else just the first."""
    width, height = shown_size(media)
    # Posters are halved in colour too.
    poster_width, poster_height = within(width, height, POSTER_WIDTH, round(max(width, height)))
    lit = f"blackframe=amount=0,metadata=select:key=lavfi.blackframe.pblack:value={BLACK_PERCENT}:function=less"
    return ",".join(
        [
            *([] if takes_black else [lit]),
            f"scale={poster_width}:{poster_height}{_AS_JPEG}",
            "setsar=1",
            "format=yuvj420p",
        ]
    )


def storyboard_filter(sheet: StoryboardSheet) -> str:
    """The picture nearest to each tile's beginning; the last one is repeated where none comes any more."""
    return ",".join(
        [
            f"fps=1000/{round(1000 * sheet.interval_s)}:start_time=0:eof_action=pass",
            f"scale={sheet.tile_width}:{sheet.tile_height}{_AS_JPEG}",
            "setsar=1",
            f"tpad=stop_mode=clone:stop={sheet.tile_count}",
            f"tile={sheet.columns}x{sheet.rows}:nb_frames={sheet.tile_count}",
            "format=yuvj420p",
        ]
    )


def _slower(media: MediaInfo, profile: CompressionProfile) -> list[str]:
    if VIDEO_ENCODERS[profile.codec].needs_even_frames or media.frame_rate > profile.max_frame_rate:
        return [f"fps={rendition_frame_rate(media, profile.max_frame_rate):g}"]
    return []


def _large_enough(width: int, height: int, profile: CompressionProfile) -> list[str]:
    side = VIDEO_ENCODERS[profile.codec].min_side
    return [] if min(width, height) >= side else [f"pad=max(iw\\,{side}):max(ih\\,{side}):-1:-1"]


def _matrix(media: MediaInfo) -> str:
    """How brightness and colour are mixed: as the file says, or as players would guess by its size."""
    if media.picture.is_hdr or media.picture.pixel_format.startswith(_RGB):
        return "bt709"
    if media.picture.matrix in _KNOWN_MATRICES:
        return media.picture.matrix
    if min(media.width, media.height) >= _HD_SIDE:
        return "bt709"
    return "bt470bg" if media.height in _PAL_HEIGHTS else "smpte170m"


def _into_matrix(media: MediaInfo) -> str:
    """What comes as red, green and blue would be mixed as on old television otherwise."""
    return ":out_color_matrix=bt709" if media.picture.pixel_format.startswith(_RGB) else ""


def _tags(media: MediaInfo) -> str:
    """Said outright: a player that guesses by the rendition's size may guess other than by the source's."""
    matrix = _matrix(media)
    tags = {"range": "tv", "colorspace": matrix, **_missing_tags(media.picture, matrix)}
    return "setparams=" + ":".join(f"{name}={value}" for name, value in tags.items())


def _missing_tags(picture: PictureTrack, matrix: str) -> dict[str, str]:
    """What a file says of its primaries and its transfer stays, save that HDR is none any more."""
    given = {} if picture.is_hdr else {"color_primaries": picture.primaries, "color_trc": picture.transfer}
    usual = {"color_primaries": matrix, "color_trc": "smpte170m"} if matrix in {"smpte170m", "bt470bg"} else {}
    return {
        name: usual.get(name, "bt709")
        for name in ("color_primaries", "color_trc")
        if given.get(name, "") in {"", "unknown", "reserved"}
    }
