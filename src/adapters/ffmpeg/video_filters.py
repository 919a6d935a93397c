"""Filter graphs for the video: its size, frame rate and colours, converted to what every player supports."""

from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.frame_size import display_size, fit, rendition_frame_rate, rendition_size
from domain.model.media.media_info import MediaInfo, VideoTrack
from domain.model.media.storyboard import StoryboardSheet

POSTER_WIDTH = 1280
# A frame with a smaller percentage of black pixels is not black.
BLACK_PERCENT = 98

_HD_SIDE = 720
# JPEG has no tag for its colour matrix: it is always BT.601.
_AS_JPEG = ":out_color_matrix=bt601"
_PAL_HEIGHTS = frozenset({288, 576})
_RGB = ("gbr", "rgb", "bgr", "argb", "abgr")
_ALPHA = ("yuva", "gbrap", "rgba", "argb", "bgra", "abgr", "ya")
_KNOWN_MATRICES = frozenset({"bt709", "smpte170m", "bt470bg", "fcc", "smpte240m", "bt2020nc"})

# HDR is always BT.2020; with explicit values, zscale also accepts files with incomplete tags.
_TO_SDR = (
    "zscale=pin=bt2020:min=2020_ncl:t=linear:npl=100",
    "format=gbrpf32le",
    "zscale=p=bt709",
    "tonemap=tonemap=hable:desat=0",
    "zscale=t=bt709:m=bt709:r=tv",
)


def rendition_filter(media: MediaInfo, profile: CompressionProfile) -> str:
    """Deinterlaced, limited in frame rate and size, square pixels, opaque, 8-bit 4:2:0: what every player supports."""
    width, height = rendition_size(media, profile.max_height)
    return ",".join(
        [
            # One frame from every two fields; progressive frames stay as they are.
            *(["bwdif=mode=send_frame:deint=interlaced"] if media.picture.is_interlaced else []),
            *_constant_or_limited_rate(media, profile),
            f"scale={width}:{height}{_into_matrix(media)}:out_range=tv",
            "setsar=1",
            # Transparent areas become black, because their hidden colours may be anything.
            *(["format=yuva444p", "premultiply=inplace=1"] if media.picture.pixel_format.startswith(_ALPHA) else []),
            *(_TO_SDR if media.picture.is_hdr else ()),
            "format=yuv420p",
            *_large_enough(width, height, profile),
            _tags(media),
        ]
    )


def poster_filter(media: MediaInfo, *, allows_black: bool) -> str:
    """The first frame that is not black; with `allows_black`, the first frame."""
    width, height = display_size(media)
    # The poster is 4:2:0 as well, so its sides are even.
    poster_width, poster_height = fit(width, height, POSTER_WIDTH, round(max(width, height)))
    not_black = f"blackframe=amount=0,metadata=select:key=lavfi.blackframe.pblack:value={BLACK_PERCENT}:function=less"
    return ",".join(
        [
            *([] if allows_black else [not_black]),
            f"scale={poster_width}:{poster_height}{_AS_JPEG}",
            "setsar=1",
            "format=yuvj420p",
        ]
    )


def storyboard_filter(sheet: StoryboardSheet) -> str:
    """The frame nearest to the start of each tile's time; the last one is repeated for the tiles after it."""
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


def _constant_or_limited_rate(media: MediaInfo, profile: CompressionProfile) -> list[str]:
    """The filter of a constant frame rate, for encoders that need one and for sources above the cap."""
    if VIDEO_ENCODERS[profile.codec].needs_constant_rate or media.frame_rate > profile.max_frame_rate:
        return [f"fps={rendition_frame_rate(media, profile.max_frame_rate):g}"]
    return []


def _large_enough(width: int, height: int, profile: CompressionProfile) -> list[str]:
    side = VIDEO_ENCODERS[profile.codec].min_side
    return [] if min(width, height) >= side else [f"pad=max(iw\\,{side}):max(ih\\,{side}):-1:-1"]


def _matrix(media: MediaInfo) -> str:
    """The colour matrix: as the file states it, or as players would guess it from the size."""
    if media.picture.is_hdr or media.picture.pixel_format.startswith(_RGB):
        return "bt709"
    if media.picture.matrix in _KNOWN_MATRICES:
        return media.picture.matrix
    if min(media.width, media.height) >= _HD_SIDE:
        return "bt709"
    return "bt470bg" if media.height in _PAL_HEIGHTS else "smpte170m"


def _into_matrix(media: MediaInfo) -> str:
    """The matrix for RGB sources, which ffmpeg would otherwise convert with BT.601."""
    return ":out_color_matrix=bt709" if media.picture.pixel_format.startswith(_RGB) else ""


def _tags(media: MediaInfo) -> str:
    """Explicit tags: players guess a missing matrix from the size, which is not the size of the source any more."""
    matrix = _matrix(media)
    tags = {"range": "tv", "colorspace": matrix, **_missing_tags(media.picture, matrix)}
    return "setparams=" + ":".join(f"{name}={value}" for name, value in tags.items())


def _missing_tags(video: VideoTrack, matrix: str) -> dict[str, str]:
    """Defaults for missing primaries and transfer; the file's own stay, except those of HDR, which is now SDR."""
    stated = {} if video.is_hdr else {"color_primaries": video.primaries, "color_trc": video.transfer}
    default = {"color_primaries": matrix, "color_trc": "smpte170m"} if matrix in {"smpte170m", "bt470bg"} else {}
    return {
        name: default.get(name, "bt709")
        for name in ("color_primaries", "color_trc")
        if stated.get(name, "") in {"", "unknown", "reserved"}
    }
