"""The sandbox around a program: what the host offers of rlimits, no privileges, death with us, and no network."""

import shutil
import tempfile
from dataclasses import dataclass, replace
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
    memory_bytes: int = MAX_MEMORY_BYTES


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The wrapping programs of util-linux that work here; an empty path means: not on this host."""

    prlimit: str = ""
    setpriv: str = ""
    unshare: str = ""

    @classmethod
    async def found(cls) -> "Sandbox":
        """Look for the programs, and try whether this host lets us leave the network."""
        whole = cls(*(shutil.which(program) or "" for program in ("prlimit", "setpriv", "unshare")))
        # User namespaces may be refused (Docker's default seccomp profile does).
        return whole if whole.unshare and await whole.works() else replace(whole, unshare="")

    @property
    def missing(self) -> list[str]:
        """What nothing on this host sees to."""
        layers = {"limits": self.prlimit, "dies_with_worker": self.setpriv, "no_network": self.unshare}
        return sorted(name for name, program in layers.items() if not program)

    async def works(self) -> bool:
        """Whether a program that does nothing can be run inside."""
        nothing = shutil.which("true") or "true"
        argv = self.around([nothing], Allowance(_TRIAL_S, output_bytes=0, threads=1))
        try:
            outcome = await run(argv, folder=Path(tempfile.gettempdir()), watch=Watch(_TRIAL_S))
        except OSError:
            return False
        return outcome.is_good

    def around(self, argv: list[str], allowance: Allowance, *, network: bool = False) -> list[str]:
        """The command line with its wrapping; each wrapper replaces itself by the next, so the pid stays the same.

        `network` leaves the program the host's network, for those whose work it is to fetch something.
        """
        return [*self._limits(allowance), *self._alone(network=network), *self._no_privileges(), *argv]

    def _limits(self, allowance: Allowance) -> list[str]:
        if not self.prlimit:
            return []
        # Past the soft limit ffmpeg gets SIGXCPU and stops by itself; past the hard one it is killed.
        cpu_s = round(2 * allowance.wall_s * allowance.threads)
        return [
            self.prlimit,
            f"--as={allowance.memory_bytes}",
            f"--cpu={cpu_s}:{cpu_s + 5}",
            f"--fsize={allowance.output_bytes}",
            f"--nofile={MAX_OPEN_FILES}",
            "--core=0",
            "--",
        ]

    def _alone(self, *, network: bool) -> list[str]:
        if not self.unshare:
            return []
        # A user namespace of its own also keeps the program from looking into our process, secrets and all.
        return [self.unshare, "-r", *([] if network else ["-n"]), "--"]

    def _no_privileges(self) -> list[str]:
        if not self.setpriv:
            return []
        # Whoever opens a user namespace is root in it, and could reach much of the kernel with that.
        powerless = ["--inh-caps=-all", "--bounding-set=-all"] if self.unshare else []
        # The signal comes when the spawning thread dies: asyncio spawns from its loop's, which lives as long as we do.
        return [self.setpriv, "--no-new-privs", *powerless, "--pdeathsig", "KILL", "--"]
