"""The peak memory of a running program, as the kernel reports it."""

import re
from contextlib import suppress
from pathlib import Path

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class PeakMemory:
    """The highest peak that was read for one process; the kernel resets its own value at each `exec`."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._status = Path(f"/proc/{pid}/status")

    def read(self) -> None:
        """Read the current peak; a process that has ended has none to read."""
        with suppress(OSError):
            if peak := _PEAK.search(self._status.read_text()):
                self.peak_bytes = max(self.peak_bytes, int(peak[1]) * 1024)
