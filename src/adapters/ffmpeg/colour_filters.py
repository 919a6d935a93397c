"""Filters for the colours of a rendition: standard dynamic range, with a matrix and tags that every player supports."""

from domain.model.media.media_info import KNOWN_MATRICES, MediaInfo, VideoTrack, guessed_matrix, is_rgb
from domain.model.media.rendition_plan import PictureChanges

_SMALL_MATRICES = frozenset({"smpte170m", "bt470bg"})
_UNKNOWN = frozenset({"", "unknown", "unspecified"})
# The names that `scale` gives to matrices, where they differ from those in the tags.
_SCALE_NAMES = {"bt470bg": "bt470", "bt2020nc": "bt2020"}
# A hundredth of the highest luminance that is shown, in cd/m². What the file states may be anything, so it is ignored.
_PEAK = 10

# HDR is always BT.2020; with explicit values, zscale also accepts files with incomplete tags. Colours that BT.709 does
# not have are clipped as RGB: before its version 3.0.6, zimg distorts them if it converts them to YUV at once.
_TO_SDR = (
    "zscale=pin=bt2020:min=2020_ncl:t=linear:npl=100",
    "format=gbrpf32le",
    "zscale=p=bt709",
    f"tonemap=tonemap=hable:desat=0:peak={_PEAK}",
    "zscale=t=bt709",
    "format=gbrp16le",
    "zscale=m=bt709:r=tv",
)
# libx264 of newer versions writes the frames' mastering data and light levels, which are those of HDR, into the file.
_WITHOUT_LIGHT_LEVELS = (
    "sidedata=mode=delete:type=MASTERING_DISPLAY_METADATA",
    "sidedata=mode=delete:type=CONTENT_LIGHT_LEVEL",
)


def has_rare_matrix(video: VideoTrack) -> bool:
    """Whether the stated matrix is reserved, invalid or rare; some versions of ffmpeg refuse such frames."""
    return not is_rgb(video.pixel_format) and video.matrix not in _UNKNOWN | KNOWN_MATRICES


def known_matrix(media: MediaInfo) -> list[str]:
    """The filter that replaces a matrix that `scale` refuses: a reserved, invalid or rare one."""
    if not has_rare_matrix(media.picture):
        return []
    return [f"setparams=colorspace={'bt2020nc' if media.picture.is_hdr else matrix(media)}"]


def into_matrix(media: MediaInfo, changes: PictureChanges) -> str:
    """An option of `scale`: the matrix for RGB, which it would otherwise convert with BT.601, and for mixed sources."""
    if changes.hdr_spans or not (changes.changes_matrix or is_rgb(media.picture.pixel_format)):
        return ""
    name = matrix(media)
    return f":out_color_matrix={_SCALE_NAMES.get(name, name)}"


def into_sdr(media: MediaInfo, changes: PictureChanges) -> list[str]:
    """The filters that map HDR to the standard dynamic range.

    If only parts are HDR, all frames are converted both ways, and the ones of these parts are laid over the others.
    """
    if not changes.hdr_spans:
        return [*_TO_SDR, *_WITHOUT_LIGHT_LEVELS] if media.picture.is_hdr else []
    ends = ("format=yuv420p", tags(media))
    standard = ",".join(["scale=out_color_matrix=bt709:out_range=tv", *ends])
    mapped = ",".join([*_TO_SDR, *ends])
    spans = "+".join(f"between(t\\,{span.start_s - 0.001:.3f}\\,{_end_s(span.end_s)})" for span in changes.hdr_spans)
    split = f"format=yuv420p10le,split[standard][hdr];[standard]{standard}[base];[hdr]{mapped}[mapped]"
    return [f"{split};[base][mapped]overlay=format=yuv420:enable={spans}", *_WITHOUT_LIGHT_LEVELS]


def matrix(media: MediaInfo) -> str:
    """The colour matrix: as the file states it, or as players would guess it from the size."""
    if media.picture.is_hdr or is_rgb(media.picture.pixel_format):
        return "bt709"
    if media.picture.matrix in KNOWN_MATRICES:
        return media.picture.matrix
    return guessed_matrix(media.width, media.height)


def tags(media: MediaInfo) -> str:
    """Explicit tags: players guess a missing matrix from the size, which is not the size of the source any more."""
    colorspace = matrix(media)
    values = {"range": "tv", "colorspace": colorspace, **_missing_tags(media.picture, colorspace)}
    return "setparams=" + ":".join(f"{name}={value}" for name, value in values.items())


def _missing_tags(video: VideoTrack, colorspace: str) -> dict[str, str]:
    """Defaults for missing primaries and transfer; the file's own stay, except those of HDR, which is now SDR."""
    stated = {} if video.is_hdr else {"color_primaries": video.primaries, "color_trc": video.transfer}
    default = {"color_primaries": colorspace, "color_trc": "smpte170m"} if colorspace in _SMALL_MATRICES else {}
    return {
        name: default.get(name, "bt709")
        for name in ("color_primaries", "color_trc")
        if stated.get(name, "") in {*_UNKNOWN, "reserved"}
    }


def _end_s(end_s: float) -> str:
    return "1e9" if end_s == float("inf") else f"{end_s - 0.001:.3f}"
