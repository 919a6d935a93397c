"""The sandbox around a program: resource limits, no privileges, killed with the worker, no network, no foreign files.

The launcher starts each program, and `confine.py` applies the layers. The host may lack some of them; `Sandbox.missing`
names those.
"""

import resource
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.sandbox import landlock, syscalls
from adapters.sandbox.confined import start_confined
from adapters.sandbox.launching import Command
from adapters.sandbox.pipes import OnErrorLine, OnLine
from adapters.sandbox.process import ENVIRONMENT, Outcome, Program, RunLimits, Start, run

MAX_MEMORY_BYTES = 4 * 1024**3
MAX_OPEN_FILES = 64
MAX_NEW_PROCESSES = 1024

# A busy machine must not lose a layer for the time of its process.
_SELF_TEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """The resources that one run may use."""

    wall_s: float
    output_bytes: int
    threads: int
    memory_bytes: int = MAX_MEMORY_BYTES


@dataclass(frozen=True, slots=True)
class Access:
    """The files that one run may use: those it reads, those it fills, and a folder in which it may create files.

    `programs` are others that it may start. `network` gives the program the internet and the right to start programs.
    `ports` are the only TCP ports to which it may then connect, if there are any and the kernel can (Linux 6.7).
    """

    reads: tuple[Path, ...] = ()
    fills: tuple[Path, ...] = ()
    folder: Path | None = None
    network: bool = False
    ports: tuple[int, ...] = ()
    programs: tuple[str, ...] = ()

    def rules(self) -> list[tuple[int, str]]:
        """What Landlock allows, beside the system's programs and libraries."""
        return [
            *((landlock.READ, str(path.absolute())) for path in self.reads),
            *((landlock.FILL, str(path.absolute())) for path in self.fills),
            *([] if self.folder is None else [(landlock.WORK, str(self.folder.absolute()))]),
            *(rule for program in self.programs for rule in landlock.program_rules(program)),
            *(landlock.NETWORK if self.network else []),
            *([(landlock.RUN, prefix) for prefix in (sys.prefix, sys.base_prefix)] if self.network else []),
        ]


NO_ACCESS = Access()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The layers that this host supports: whether programs are confined at all, and by what."""

    is_confining: bool = False
    landlock_version: int = 0
    has_seccomp: bool = False

    @classmethod
    async def detect(cls) -> "Sandbox":
        """Test each layer on this host."""
        if not sys.platform.startswith("linux"):
            return cls()
        full = cls(
            is_confining=True, landlock_version=landlock.supported_version(), has_seccomp=syscalls.is_supported()
        )
        candidates = (
            full,
            replace(full, landlock_version=0),
            replace(full, has_seccomp=False),
            cls(is_confining=True),
        )
        for candidate in candidates:
            if await candidate.is_working():
                return candidate
        return cls()

    @property
    def missing(self) -> list[str]:
        """The names of the layers that this host does not provide."""
        layers = {
            "limits": self.is_confining,
            "dies_with_worker": self.is_confining,
            "no_foreign_files": self.landlock_version > 0,
            "no_network": self.has_seccomp,
            "no_processes": self.has_seccomp,
        }
        return sorted(name for name, is_there in layers.items() if not is_there)

    async def is_working(self) -> bool:
        """Whether `true` runs inside the sandbox."""
        try:
            outcome = await self.run(
                [shutil.which("true") or "true"],
                Allowance(_SELF_TEST_S, output_bytes=0, threads=1),
                folder=Path(tempfile.gettempdir()),
                limits=RunLimits(_SELF_TEST_S),
            )
        except OSError:
            return False
        return outcome.is_success

    async def run(
        self,
        argv: list[str],
        allowance: Allowance,
        access: Access = NO_ACCESS,
        *,
        folder: Path,
        limits: RunLimits,
        on_output: OnLine | None = None,
        on_error: OnErrorLine | None = None,
    ) -> Outcome:
        """Run a program, whose path is absolute, inside the layers of this host; see `process.run`.

        Raises:
            OSError: the program could not be started.
        """
        start = self._starting(allowance, access) if self.is_confining else None
        return await run(argv, folder=folder, limits=limits, on_output=on_output, on_error=on_error, start=start)

    def _starting(self, allowance: Allowance, access: Access) -> Start:
        async def start(argv: Sequence[str], folder: Path) -> Program:
            return await start_confined(
                Command([*argv], ENVIRONMENT, self.policies(argv[0], allowance, access)), folder
            )

        return start

    def policies(self, program: str, allowance: Allowance, access: Access = NO_ACCESS) -> list[str]:
        """What confines a program; see `confine.py`."""
        return [*_limits(allowance, access), *self._files(program, access), *self._system_calls(access)]

    def _files(self, program: str, access: Access) -> list[str]:
        if not self.landlock_version:
            return []
        rules = [*landlock.SYSTEM, *landlock.program_rules(program), *access.rules()]
        handled = landlock.handled(self.landlock_version, are_ports_limited=not access.network or bool(access.ports))
        return [
            f"handled={handled}",
            *(f"path={rights}:{path}" for rights, path in rules),
            *(f"port={port}" for port in access.ports),
        ]

    def _system_calls(self, access: Access) -> list[str]:
        if not self.has_seccomp:
            return []
        program = syscalls.filter_program(
            network=access.network, are_signals_confined=landlock.confines_signals(self.landlock_version)
        )
        return [f"seccomp={program.hex()}"]


def _limits(allowance: Allowance, access: Access) -> list[str]:
    # At the soft limit ffmpeg gets SIGXCPU and stops by itself; at the hard limit it is killed.
    cpu_s = round(2 * allowance.wall_s * allowance.threads)
    limits = (
        (resource.RLIMIT_AS, allowance.memory_bytes, allowance.memory_bytes),
        (resource.RLIMIT_CPU, cpu_s, cpu_s + 5),
        (resource.RLIMIT_FSIZE, allowance.output_bytes, allowance.output_bytes),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES, MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0, 0),
    )
    processes = [f"processes={MAX_NEW_PROCESSES}"] if access.network else []
    return [*(f"limit={number}:{soft}:{hard}" for number, soft, hard in limits), *processes]
