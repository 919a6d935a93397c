"""Filter graphs for the video: its size, frame rate and colours, converted to what every player supports."""

from adapters.ffmpeg.colour_filters import into_matrix, into_sdr, known_matrix, tags
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.letterbox_filters import letterboxed
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.frame_rate import dropped_share, exceeds_rate, rendition_frame_rate
from domain.model.media.frame_size import display_size, fit, rendition_size
from domain.model.media.media_info import MediaInfo, has_alpha
from domain.model.media.rendition_plan import NO_CHANGES, PictureChanges
from domain.model.media.storyboard import StoryboardSheet

POSTER_WIDTH = 1280
# A frame with a smaller percentage of black pixels is not black.
BLACK_PERCENT = 98

# JPEG has no tag for its colour matrix: it is always BT.601.
_AS_JPEG = ":out_color_matrix=bt601"


def rendition_filter(media: MediaInfo, profile: CompressionProfile, changes: PictureChanges = NO_CHANGES) -> str:
    """Deinterlaced, limited in frame rate and size, square pixels, opaque, 8-bit 4:2:0: what every player supports."""
    width, height = rendition_size(media, profile.max_height)
    return ",".join(
        [
            *known_matrix(media),
            # One frame from every two fields; progressive frames stay as they are.
            *(["bwdif=mode=send_frame:deint=interlaced"] if media.picture.is_interlaced else []),
            *_constant_or_limited_rate(media, profile),
            *letterboxed(media, width, height, changes, f"{into_matrix(media, changes)}:out_range=tv"),
            # Transparent areas become black, because their hidden colours may be anything.
            *(["format=yuva444p", "premultiply=inplace=1"] if has_alpha(media.picture.pixel_format) else []),
            *into_sdr(media, changes),
            "format=yuv420p",
            *_large_enough(width, height, profile),
            tags(media),
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
    """The filter of a constant frame rate, for encoders that need one and for sources above the cap.

    Of n frames the first is shown. Each frame belongs to the nearest time of the new rate; without the shift, every
    second or fourth frame would lie between two times, and jitter of its timestamp would decide.
    """
    is_constant = VIDEO_ENCODERS[profile.codec].needs_constant_rate
    if not is_constant and not exceeds_rate(media, profile.max_frame_rate):
        return []
    dropped = dropped_share(media, profile.max_frame_rate)
    rate = rendition_frame_rate(media, profile.max_frame_rate)
    shift_s = (dropped - 1) / (2 * dropped) / rate
    return [*([f"setpts=PTS+{float(shift_s):.6f}/TB"] if shift_s else []), f"fps={rate}"]


def _large_enough(width: int, height: int, profile: CompressionProfile) -> list[str]:
    side = VIDEO_ENCODERS[profile.codec].min_side
    return [] if min(width, height) >= side else [f"pad=max(iw\\,{side}):max(ih\\,{side}):-1:-1"]
