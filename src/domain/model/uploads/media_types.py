"""The extensions and media types of uploads. Both are advice: the bytes of a file decide what it is."""

import re

DEFAULT_CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".m4v": "video/x-m4v",
    ".f4v": "video/x-f4v",
    ".mov": "video/quicktime",
    ".qt": "video/quicktime",
    ".3gp": "video/3gpp",
    ".3gpp": "video/3gpp",
    ".3g2": "video/3gpp2",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".divx": "video/x-msvideo",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".mpe": "video/mpeg",
    ".vob": "video/mpeg",
    ".mod": "video/mpeg",
    ".ts": "video/mp2t",
    ".mts": "video/mp2t",
    ".m2ts": "video/mp2t",
    ".m2t": "video/mp2t",
    ".tod": "video/mp2t",
    ".trp": "video/mp2t",
    ".flv": "video/x-flv",
    ".ogv": "video/ogg",
    ".ogm": "video/ogg",
    ".mxf": "application/mxf",
    ".wmv": "video/x-ms-wmv",
    ".asf": "video/x-ms-asf",
    ".dv": "video/x-dv",
    ".mp3": "audio/mpeg",
    ".mp2": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
    ".w64": "audio/x-w64",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".spx": "audio/ogg",
    ".wma": "audio/x-ms-wma",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".aifc": "audio/aiff",
    ".caf": "audio/x-caf",
    ".mka": "audio/x-matroska",
    ".weba": "audio/webm",
    ".amr": "audio/amr",
    ".ac3": "audio/ac3",
    ".eac3": "audio/eac3",
}
"""The media type of each extension that may be uploaded."""

# Other names of the same containers that browsers, desktops and phones send.
_OTHER_TYPES = {
    ".mp4": ("application/mp4", "video/x-mp4", "video/mpeg4", "video/h264", "video/h265", "video/hevc"),
    ".m4v": ("video/m4v",),
    ".f4v": ("video/f4v",),
    ".mov": ("video/mov", "video/x-quicktime", "application/quicktime"),
    ".3gp": ("audio/3gpp", "video/3gp", "audio/3gp"),
    ".3g2": ("audio/3gpp2", "video/3g2"),
    ".webm": ("video/x-webm", "application/webm"),
    ".mkv": ("video/matroska", "video/mkv", "video/x-mkv", "application/x-matroska"),
    ".avi": ("video/avi", "video/msvideo", "video/vnd.avi", "video/x-avi", "video/divx", "video/vnd.divx"),
    ".mpg": ("video/mpg", "video/x-mpeg", "video/x-mpg", "video/mp2p", "video/dvd", "video/x-ms-vob", "video/vob"),
    ".ts": (
        "video/vnd.dlna.mpeg-tts",
        "video/mpegts",
        "video/mts",
        "video/m2ts",
        "video/avchd-stream",
        "model/vnd.mts",
    ),
    ".flv": ("video/flv", "application/x-flv"),
    ".ogv": ("application/ogg", "video/x-ogm"),
    ".mxf": ("video/mxf", "video/x-mxf"),
    ".wmv": ("video/x-ms-wm", "video/wmv", "video/x-wmv"),
    ".asf": ("application/vnd.ms-asf", "video/asf", "application/x-ms-asf"),
    ".dv": ("video/dv",),
    ".mp3": ("audio/mp3", "audio/x-mp3", "audio/x-mpeg", "audio/mpeg3", "audio/x-mpeg-3", "audio/mpg"),
    ".m4a": ("audio/x-m4a", "audio/m4a", "audio/mp4a-latm", "audio/x-m4b", "audio/m4b"),
    ".aac": ("audio/x-aac", "audio/aacp", "audio/vnd.dlna.adts", "audio/x-hx-aac-adts"),
    ".wav": ("audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"),
    ".flac": ("audio/x-flac",),
    ".ogg": ("audio/opus", "audio/vorbis", "audio/speex", "audio/x-ogg", "audio/x-opus+ogg", "audio/x-vorbis+ogg"),
    ".wma": ("audio/wma", "audio/x-wma"),
    ".aiff": ("audio/x-aiff",),
    ".caf": ("audio/caf",),
    ".mka": ("audio/matroska", "audio/x-mka"),
    ".amr": ("audio/amr-wb", "audio/amr-nb", "audio/x-amr"),
    ".ac3": ("audio/x-ac3", "audio/vnd.dolby.dd-raw"),
}


def _extensions_by_type() -> dict[str, str]:
    """The first extension of each media type."""
    extensions: dict[str, str] = {}
    for extension, media_type in DEFAULT_CONTENT_TYPES.items():
        extensions.setdefault(media_type, extension)
    for extension, media_types in _OTHER_TYPES.items():
        extensions.update(dict.fromkeys(media_types, extension))
    return extensions


EXTENSIONS_BY_TYPE = _extensions_by_type()
"""The extension of a file of each known media type whose name has none."""

CONTENT_TYPES = frozenset(EXTENSIONS_BY_TYPE)
"""The media types that are known."""

UNKNOWN_CONTENT_TYPES = frozenset(
    {"application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download"}
)
"""What clients declare when they do not know the type, besides an empty type."""

MAX_CONTENT_TYPE_LENGTH = 255
# RFC 6838, section 4.2. A wildcard is no media type.
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
MEDIA_TYPE = re.compile(rf"{_NAME}/{_NAME}")
# Browsers run these types as pages or scripts, so no object may have one of them.
_ACTIVE = re.compile(r"text/html|.*[/+]xml|.*xhtml.*|.*(?:java|ecma|live)script.*|.*flash|multipart/.*|message/.*")


def media_type_of(content_type: str) -> str:
    """The media type in lower case, without its parameters."""
    return content_type.partition(";")[0].rstrip().lower()


def is_active(media_type: str) -> bool:
    """Whether a browser would run content of this type instead of playing it."""
    return _ACTIVE.fullmatch(media_type) is not None


# The extensions of the media types that a file in a container, by ffmpeg's name for it, may have; the first is usual.
_EXTENSIONS_BY_CONTAINER = {
    "mov": (".mp4", ".m4v", ".f4v", ".mov", ".3gp", ".3g2", ".m4a"),
    "matroska": (".mkv", ".webm", ".mka", ".weba"),
    "avi": (".avi",),
    "mpeg": (".mpg",),
    "mpegts": (".ts",),
    "flv": (".flv",),
    "ogg": (".ogv", ".ogg"),
    "asf": (".wmv", ".asf", ".wma"),
    "mxf": (".mxf",),
    "dv": (".dv",),
    "mp3": (".mp3",),
    "aac": (".aac",),
    "wav": (".wav",),
    "w64": (".w64",),
    "flac": (".flac",),
    "aiff": (".aiff",),
    "caf": (".caf",),
    "amr": (".amr",),
    "ac3": (".ac3",),
    "eac3": (".eac3",),
}


def published_type(declared: str, container: str) -> str:
    """The media type of an original that is played or downloaded: that of its container, as ffmpeg names it.

    The declared type is kept if it is one of that container.
    """
    extensions = _EXTENSIONS_BY_CONTAINER.get(container)
    if extensions is None:
        return "application/octet-stream"
    if EXTENSIONS_BY_TYPE.get(media_type_of(declared)) in extensions:
        return declared
    return DEFAULT_CONTENT_TYPES[extensions[0]]
