"""How much memory a program has held at most, as the kernel tells while it runs."""

import re
from contextlib import suppress
from pathlib import Path

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class PeakMemory:
    """The highest figure seen of one process; a program that is replaced by another begins anew."""

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._status = Path(f"/proc/{pid}/status")

    def look(self) -> None:
        """Take in what the kernel says now; of one that has ended it says nothing."""
        with suppress(OSError):
            if peak := _PEAK.search(self._status.read_text()):
                self.peak_bytes = max(self.peak_bytes, int(peak[1]) * 1024)
