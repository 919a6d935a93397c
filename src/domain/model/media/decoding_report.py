"""What a run of the transcoder reports about the source that it read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecodingReport:
    """The errors and the frames of one run.

    `decode_errors` are frames and audio packets that could not be decoded whole, and positions where the container is
    corrupt and the demuxer had to resynchronise. `decoded_frames` is None if the run did not count them.
    """

    decode_errors: int
    decoded_frames: int | None = None
