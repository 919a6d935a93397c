"""Resource use of a process over a period: peak memory, disk writes, CPU time."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Server

_RESET_PEAK = "5"  # Resets the peak RSS: see proc_pid_clear_refs(5).


@dataclass(frozen=True, slots=True)
class Usage:
    """Peak memory above the initial value, bytes written to disk, and CPU time of all threads."""

    grown_bytes: int
    written_bytes: int
    cpu_s: float


class Watch:
    """Measures a server's resource use from its creation on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._folder = Path(f"/proc/{server.process.pid}")
        (self._folder / "clear_refs").write_text(_RESET_PEAK, encoding="ascii")
        self._rss_kib = self._number("status", "VmRSS")
        self._written_bytes = self._number("io", "write_bytes")
        self._cpu_s = server.cpu_s()

    def seen(self) -> Usage:
        """The server's resource use since the start of the measurement."""
        self._server.check()
        return Usage(
            grown_bytes=(self._number("status", "VmHWM") - self._rss_kib) * 1024,
            written_bytes=self._number("io", "write_bytes") - self._written_bytes,
            cpu_s=self._server.cpu_s() - self._cpu_s,
        )

    def _number(self, name: str, field: str) -> int:
        for line in (self._folder / name).read_text(encoding="utf-8").splitlines():
            label, _, value = line.partition(":")
            if label == field:
                return int(value.split()[0])
        raise RuntimeError(f"The kernel reports no {field} for {self._server.name}.")
