"""The way of an input through all of the work, with real tools; and what must not happen on it."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from uuid import uuid4

from structlog.testing import capture_logs

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.programs.memory import PeakMemory
from adapters.programs.program import EndedBy
from adapters.programs.sandbox import Sandbox
from domain.model.errors import MediaRejected, TelecineError
from domain.model.lifecycle import VideoStatus
from domain.model.video import Video
from entrypoints.settings import Settings
from entrypoints.wiring import wire
from tests.contract.transcoder_fixtures import pids_in
from tests.media.canary import SECRET, Canary
from tests.media.expected import LONGEST_S, Expected
from tests.world import World, opened_world

LOOK_EVERY_S = 0.004


@dataclass(frozen=True, slots=True)
class Passage:
    """What came of an input, what it took, and whatever was wrong on the way.

    `deaths` are of tools by a signal that nobody sent; `passes_gate` says that only the door has refused it.
    """

    came_of: Expected
    wall_s: float
    peak_memory_bytes: int
    deaths: int
    passes_gate: bool
    wrongs: list[str]


@dataclass
class Bench:
    """Real tools in a world that is fake around them, beside a canary.

    The tools keep the host's network, so that the allow-lists have to hold without the network namespace.
    """

    folder: Path
    canary: Canary
    is_measured: bool = False
    _sandbox: Sandbox | None = field(default=None, init=False)

    async def pass_through(self, source: Path) -> Passage:
        """Upload, complete and process one file; look at everything that was made and said."""
        folder = self.folder / uuid4().hex
        folder.mkdir()
        transcoder = FFmpegTranscoder()
        transcoder._tools._sandbox = await self._connected_sandbox()
        began, opens, connections = monotonic(), self.canary.opens, self.canary.connections
        with capture_logs() as logs, _memory_of_tools(is_measured=self.is_measured) as peak:
            async with opened_world(folder) as faked:
                world = _with(faked, transcoder)
                came_of, said = await _outcome(world, source)
                passes_gate = came_of.outcome != "refused" or await _passes_gate(transcoder, source)
                stored = b"".join(world.objects.objects.values())
        wrongs = {
            "the canary got out": SECRET in f"{said}{logs}" or SECRET.encode() in stored,
            "the file was opened": self.canary.opens > opens,
            "the address was opened": self.canary.connections > connections,
            "a path was told": str(folder) in f"{said}{logs}",
            "a process is left": bool(pids_in(folder)),
            "it is stuck": came_of.outcome not in {"completed", "failed", "refused"},
        }
        failures = [line for line in logs if line["event"] == "ffmpeg_failed"]
        deaths = sum(line["exit_code"] < 0 and line["ended_by"] == EndedBy.ITSELF.value for line in failures)
        found = [wrong for wrong, is_so in wrongs.items() if is_so]
        return Passage(came_of, monotonic() - began, peak.bytes, deaths, passes_gate, found)

    async def _connected_sandbox(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = replace(await Sandbox.found(), unshare="")
        return self._sandbox


def _with(world: World, transcoder: FFmpegTranscoder) -> World:
    adapters = replace(world.adapters, transcoder=transcoder)
    return replace(world, adapters=adapters, application=wire(adapters, Settings(max_video_seconds=LONGEST_S)))


async def _outcome(world: World, source: Path) -> tuple[Expected, str]:
    """What came of it, and all that the client is told of it."""
    try:
        video = await world.upload(await asyncio.to_thread(source.read_bytes), filename=source.name)
    except TelecineError as error:
        return Expected("refused", error.code), error.detail
    await world.run_jobs()
    done = await world.video(video.id)
    return _expected_of(done), repr(done)


async def _passes_gate(transcoder: FFmpegTranscoder, source: Path) -> bool:
    """Whether it would be taken for a video by the worker."""
    try:
        await transcoder.probe(source)
    except MediaRejected:
        return False
    return True


def _expected_of(video: Video) -> Expected:
    if video.status is VideoStatus.FAILED and video.failure is not None:
        return Expected("failed", video.failure.code.value)
    published = video.publication.main.kind.value if video.publication is not None else "nothing"
    return Expected(video.status.value, published, tuple(warning.code.value for warning in video.warnings))


@dataclass
class _Peak:
    bytes: int = 0


@contextmanager
def _memory_of_tools(*, is_measured: bool) -> Generator[_Peak]:
    """The most memory that one of our tools holds inside the block, looked at every few milliseconds."""
    peak, is_over = _Peak(), threading.Event()
    watching = threading.Thread(target=_watch, args=(peak, is_over))
    if is_measured:
        watching.start()
    try:
        yield peak
    finally:
        is_over.set()
        if is_measured:
            watching.join()


def _watch(peak: _Peak, is_over: threading.Event) -> None:
    while not is_over.wait(LOOK_EVERY_S):
        for pid in _tools():
            memory = PeakMemory(pid)
            memory.look()
            peak.bytes = max(peak.bytes, memory.peak_bytes)


def _tools() -> list[int]:
    """Our children that have become ffmpeg or ffprobe."""
    pids = [int(pid) for task in Path("/proc/self/task").iterdir() for pid in _read(task / "children").split()]
    return [pid for pid in pids if _read(Path(f"/proc/{pid}/comm")).strip() in {"ffmpeg", "ffprobe"}]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # It has ended since it was listed.
