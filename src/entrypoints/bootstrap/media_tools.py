"""Inspects ffmpeg and its sandbox on this host, for the operator."""

import asyncio

from adapters.ffmpeg.known_versions import version_of
from adapters.sandbox.limits import Sandbox
from domain.model.errors import Unavailable
from entrypoints.application import MediaTools

_LAYERS = len(Sandbox().missing)


class MediaToolInspection:
    """Runs the programs once per process, and remembers the result."""

    def __init__(self) -> None:
        self._found: MediaTools | None = None
        self._lock = asyncio.Lock()

    async def __call__(self) -> MediaTools:
        """The version of ffmpeg, and the layers of the sandbox that this host lacks."""
        async with self._lock:
            if self._found is None:
                self._found = await _inspect()
            return self._found


async def _inspect() -> MediaTools:
    try:
        version: str | None = await version_of("ffmpeg")
    except Unavailable:
        version = None
    missing = (await Sandbox.detect()).missing
    level = "full" if not missing else "none" if len(missing) == _LAYERS else "partial"
    return MediaTools(version, level, tuple(missing))
