"""The sandbox around a program: resource limits, no privileges, killed with the worker, no network.

The host may lack some of these layers; `Sandbox.missing` names them.
"""

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.sandbox.process import RunLimits, run

MAX_MEMORY_BYTES = 4 * 1024**3
MAX_OPEN_FILES = 64

_SELF_TEST_S = 10.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """The resources that one run may use."""

    wall_s: float
    output_bytes: int
    threads: int
    memory_bytes: int = MAX_MEMORY_BYTES


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The programs of util-linux that wrap a command; the path is empty if a program does not work on this host."""

    prlimit: str = ""
    setpriv: str = ""
    unshare: str = ""

    @classmethod
    async def detect(cls) -> "Sandbox":
        """Find the programs, and test whether this host allows new user and network namespaces."""
        complete = cls(*(shutil.which(program) or "" for program in ("prlimit", "setpriv", "unshare")))
        # The host may forbid user namespaces (Docker's default seccomp profile does).
        return complete if complete.unshare and await complete.is_working() else replace(complete, unshare="")

    @property
    def missing(self) -> list[str]:
        """The names of the layers that this host does not provide."""
        layers = {"limits": self.prlimit, "dies_with_worker": self.setpriv, "no_network": self.unshare}
        return sorted(name for name, program in layers.items() if not program)

    async def is_working(self) -> bool:
        """Whether `true` runs inside the sandbox."""
        true_program = shutil.which("true") or "true"
        argv = self.wrap([true_program], Allowance(_SELF_TEST_S, output_bytes=0, threads=1))
        try:
            outcome = await run(argv, folder=Path(tempfile.gettempdir()), limits=RunLimits(_SELF_TEST_S))
        except OSError:
            return False
        return outcome.is_success

    def wrap(self, argv: list[str], allowance: Allowance, *, network: bool = False) -> list[str]:
        """The command line inside its wrappers; each wrapper replaces itself with the next, so the pid stays the same.

        `network` gives the program the host's network, for a program that downloads.
        """
        return [*self._limits(allowance), *self._namespaces(network=network), *self._no_privileges(), *argv]

    def _limits(self, allowance: Allowance) -> list[str]:
        if not self.prlimit:
            return []
        # At the soft limit ffmpeg gets SIGXCPU and stops by itself; at the hard limit it is killed.
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

    def _namespaces(self, *, network: bool) -> list[str]:
        if not self.unshare:
            return []
        # A separate user namespace also stops the program from reading our process, with its secrets.
        return [self.unshare, "-r", *([] if network else ["-n"]), "--"]

    def _no_privileges(self) -> list[str]:
        if not self.setpriv:
            return []
        # A process that opens a user namespace is root in it, which exposes much of the kernel.
        no_capabilities = ["--inh-caps=-all", "--bounding-set=-all"] if self.unshare else []
        # The signal comes when the spawning thread ends: with asyncio the loop's thread, which outlives every run.
        return [self.setpriv, "--no-new-privs", *no_capabilities, "--pdeathsig", "KILL", "--"]
