"""The limits that a source must meet before it is decoded."""

import math
from dataclasses import dataclass

from domain.model.errors import MediaRejected
from domain.model.failure import FailureCode
from domain.model.media.media_info import MediaInfo

MAX_SIDE_PIXELS = 8_192
MAX_FRAME_PIXELS = 35_389_440  # 8192 x 4320, the size of 8K DCI.
# Phones record slow motion at 240 frames per second, and some cameras at 480.
MAX_FRAME_RATE = 500.0
# All frames together: four hours of 8K at 30 frames per second, or eight hours of 1080p at 240.
MAX_PIXELS = MAX_FRAME_PIXELS * 30 * 4 * 3600
# Only one video and one audio track are decoded; the others are listed and skipped. Films have dozens of them.
MAX_STREAMS = 128


@dataclass(frozen=True, slots=True)
class MediaPolicy:
    """The limits that every source must meet before any of it is decoded."""

    max_duration_s: float

    def check(self, media: MediaInfo) -> None:
        """Check the media against the limits.

        Raises:
            MediaRejected: `malformed_video`, `too_long` (also for its number of pixels), `too_large_picture`,
                `frame_rate_too_high` or `too_many_streams`.
        """
        if media.stream_count > MAX_STREAMS:
            raise _rejected(FailureCode.TOO_MANY_STREAMS, f"The file has more than {MAX_STREAMS} streams.")
        if not (math.isfinite(media.duration_s) and media.duration_s > 0):
            raise _rejected(FailureCode.MALFORMED_VIDEO, "The file states no valid duration.")
        if media.duration_s > self.max_duration_s:
            raise _rejected(FailureCode.TOO_LONG, f"The video is longer than {self.max_duration_s:g} s.")
        if media.has_picture:
            self._check_frame(media)

    def _check_frame(self, media: MediaInfo) -> None:
        if min(media.width, media.height) < 1:
            raise _rejected(FailureCode.MALFORMED_VIDEO, "The file states no valid picture size.")
        if max(media.width, media.height) > MAX_SIDE_PIXELS or media.width * media.height > MAX_FRAME_PIXELS:
            raise _rejected(FailureCode.TOO_LARGE_PICTURE, "The picture is larger than 8K.")
        if not media.frame_rate >= 0:  # Written so that NaN, which compares false, is rejected too.
            raise _rejected(FailureCode.MALFORMED_VIDEO, "The file states no valid frame rate.")
        if media.frame_rate > MAX_FRAME_RATE:
            message = f"The video has more than {MAX_FRAME_RATE:g} frames per second."
            raise _rejected(FailureCode.FRAME_RATE_TOO_HIGH, message)
        if media.width * media.height * media.frame_rate * media.duration_s > MAX_PIXELS:
            message = f"The video has more than {MAX_PIXELS:,} pixels in all its frames."
            raise _rejected(FailureCode.TOO_LONG, message)


def _rejected(code: FailureCode, message: str) -> MediaRejected:
    return MediaRejected(message, code=code.value)
