"""Parses the digests that ffmpeg prints of the first decoded frames of an audio track."""

_LAYOUT = "#channel_layout_name 0: "
_SAMPLE_BYTES = 2
# Stream, decoding time, presentation time, duration, size, digest.
_FIELDS = 6
_DURATION, _SIZE = 3, 4


class FirstSound:
    """Reads the output of the framemd5 muxer line by line.

    `is_heard` says that a frame was decoded; then `channels` is the number of channels that the decoder produced, and
    `layout` ffmpeg's name for them.
    """

    def __init__(self) -> None:
        self.is_heard = False
        self.channels = 0
        self.layout = ""

    def __call__(self, line: str) -> None:
        """Read one line."""
        if line.startswith(_LAYOUT):
            self.layout = line.removeprefix(_LAYOUT).strip()
        fields = [field.strip() for field in line.split(",")]
        if line.startswith("#") or len(fields) != _FIELDS or not (fields[_DURATION] + fields[_SIZE]).isdecimal():
            return
        self.is_heard = True
        self.channels = int(fields[_SIZE]) // max(1, _SAMPLE_BYTES * int(fields[_DURATION]))
