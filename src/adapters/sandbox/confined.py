"""Starts confined programs, as `process.run` expects them."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from adapters.sandbox.launching import Command, Launched, Launcher, running_launcher
from adapters.sandbox.pipes import PIPE_BYTES
from adapters.sandbox.process import Program


@dataclass(frozen=True, slots=True)
class _ConfinedProgram:
    """A child of the launcher."""

    launcher: Launcher
    launched: Launched
    pipes: tuple[asyncio.StreamReader, asyncio.StreamReader]
    transports: tuple[asyncio.ReadTransport, ...]

    @property
    def pid(self) -> int:
        return self.launched.pid

    @property
    def exit_code(self) -> int:
        return self.launched.exit_code

    @property
    def exited(self) -> asyncio.Event:
        return self.launched.exited

    def close(self) -> None:
        for transport in self.transports:
            transport.close()
        self.launcher.reap(self.launched)


async def start_confined(command: Command, folder: Path) -> Program:
    """Start a program through the launcher of this event loop.

    Raises:
        OSError: the launcher could not be started, or has died.
    """
    launcher = running_launcher()
    (output, output_end), (errors, errors_end) = os.pipe(), os.pipe()
    try:
        launched = await launcher.start(command, folder, [output_end, errors_end])
    except BaseException:
        os.close(output)
        os.close(errors)
        raise
    finally:
        os.close(output_end)
        os.close(errors_end)
    pipes, transports = zip(*[await _reader(output), await _reader(errors)], strict=True)
    return _ConfinedProgram(launcher, launched, pipes, transports)


async def _reader(descriptor: int) -> tuple[asyncio.StreamReader, asyncio.ReadTransport]:
    reader = asyncio.StreamReader(limit=PIPE_BYTES)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    return reader, transport
