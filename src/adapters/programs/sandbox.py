"""The sandbox around a program: what the host offers of rlimits, no new privileges, death with us, and no network."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from adapters.programs.program import Watch, run

MAX_MEMORY_BYTES = 4 * 1024**3
MAX_OPEN_FILES = 64

_TRIAL_S = 10.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one run may use up."""

    wall_s: float
    output_bytes: int
    threads: int


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The wrapping programs of util-linux that work here; an empty path means: not on this host."""

    prlimit: str = ""
    setpriv: str = ""
    unshare: str = ""

    @classmethod
    async def found(cls) -> "Sandbox":
        """Look for the programs, and try whether this host lets us leave the network."""
        return cls(
            prlimit=shutil.which("prlimit") or "",
            setpriv=shutil.which("setpriv") or "",
            unshare=await _unshare_that_works(),
        )

    def around(self, argv: list[str], allowance: Allowance) -> list[str]:
        """The command line with its wrapping; each wrapper replaces itself by the next, so the pid stays the same."""
        return [*self._limits(allowance), *self._no_network(), *self._no_privileges(), *argv]

    def _limits(self, allowance: Allowance) -> list[str]:
        if not self.prlimit:
            return []
        # Past the soft limit ffmpeg gets SIGXCPU and stops by itself; past the hard one it is killed.
        cpu_s = round(2 * allowance.wall_s * allowance.threads)
        return [
            self.prlimit,
            f"--as={MAX_MEMORY_BYTES}",
            f"--cpu={cpu_s}:{cpu_s + 5}",
            f"--fsize={allowance.output_bytes}",
            f"--nofile={MAX_OPEN_FILES}",
            "--core=0",
            "--",
        ]

    def _no_network(self) -> list[str]:
        return [self.unshare, "-r", "-n", "--"] if self.unshare else []

    def _no_privileges(self) -> list[str]:
        # The signal comes when the spawning thread dies: asyncio spawns from its loop's, which lives as long as we do.
        return [self.setpriv, "--no-new-privs", "--pdeathsig", "KILL", "--"] if self.setpriv else []


async def _unshare_that_works() -> str:
    """User namespaces may be refused (Docker's default seccomp profile does), so one is tried."""
    unshare = shutil.which("unshare")
    nothing = shutil.which("true")
    if unshare is None or nothing is None:
        return ""
    argv = [unshare, "-r", "-n", "--", nothing]
    outcome = await run(argv, folder=Path(tempfile.gettempdir()), watch=Watch(wall_s=_TRIAL_S))
    return unshare if outcome.exit_code == 0 else ""
