"""Parses the output of ffmpeg's `-progress`: how many seconds of the media have been written."""

from domain.ports.progress import OnProgress

_KEY = "out_time_us="


class Progress:
    """Converts ffmpeg's progress lines to percent; a stalled run is detected by its `out_time_us`."""

    def __init__(self, duration_s: float, on_progress: OnProgress | None = None) -> None:
        self.out_time_us = 0
        self._duration_us = duration_s * 1_000_000
        self._on_progress = on_progress

    def __call__(self, line: str) -> None:
        """Read one line; ignore all but rising times (ffmpeg starts with N/A or a negative time)."""
        written = line.removeprefix(_KEY).strip()
        if not line.startswith(_KEY) or not written.isdecimal() or int(written) <= self.out_time_us:
            return
        self.out_time_us = int(written)
        if self._on_progress is not None:
            self._on_progress(min(100.0, 100.0 * self.out_time_us / self._duration_us))
