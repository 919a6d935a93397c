"""Processes an input through all stages with real tools, and checks what must not happen on the way."""

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
from adapters.sandbox.limits import Sandbox
from adapters.sandbox.memory import PeakMemory
from adapters.sandbox.process import EndReason
from domain.model.errors import MediaRejected, TelecineError
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from tests.contract.transcoder_fixtures import pids_in
from tests.media.canary import SECRET, Canary
from tests.media.expected import LONGEST_S, Outcome
from tests.support.world import World, open_world

SAMPLE_EVERY_S = 0.004


@dataclass(frozen=True, slots=True)
class Passage:
    """The outcome of an input, its cost, and the rules that it broke.

    `opens` and `connections` are accesses to the canary. `deaths` counts the runs of ffmpeg and ffprobe that a signal
    ended which we did not send. `passes_gate` is true if the worker's probe would accept the input, even if `complete`
    refused it.
    """

    outcome: Outcome
    wall_s: float
    peak_memory_bytes: int
    deaths: int
    opens: int
    connections: int
    passes_gate: bool
    violations: list[str]


@dataclass
class Bench:
    """Runs inputs through a real ffmpeg, by default the one on the PATH; everything else is a fake.

    A canary detects forbidden access. The tools keep the host's network, so that the allow-lists must hold without the
    network namespace.
    """

    folder: Path
    canary: Canary
    is_measured: bool = False
    ffmpeg: str = "ffmpeg"
    ffprobe: str = "ffprobe"
    _sandbox: Sandbox | None = field(default=None, init=False)

    async def pass_through(self, source: Path) -> Passage:
        """Upload, complete and process one file; check every object, log line and message that results."""
        folder = self.folder / uuid4().hex
        folder.mkdir()
        transcoder = FFmpegTranscoder(ffmpeg=self.ffmpeg, ffprobe=self.ffprobe)
        transcoder._runner._sandbox = await self._connected_sandbox()
        started, opens, connections = monotonic(), self.canary.opens, self.canary.connections
        with capture_logs() as logs, _memory_of_tools(is_measured=self.is_measured) as peak:
            async with open_world(folder) as fakes:
                world = _with_transcoder(fakes, transcoder)
                outcome, shown = await _process(world, source)
                passes_gate = outcome.status != "refused" or await _passes_gate(transcoder, source)
                stored = b"".join(world.objects.objects.values())
        opened, connected = self.canary.opens - opens, self.canary.connections - connections
        conditions = {
            "the canary's content leaked": SECRET in f"{shown}{logs}" or SECRET.encode() in stored,
            "the file was opened": opened > 0,
            "the address was opened": connected > 0,
            "a path leaked": str(folder) in f"{shown}{logs}",
            "a process is left running": bool(pids_in(folder)),
            "it has no final outcome": outcome.status not in {"completed", "failed", "refused"},
        }
        failures = [line for line in logs if line["event"] == "ffmpeg_failed"]
        deaths = sum(line["exit_code"] < 0 and line["ended_by"] == EndReason.ITSELF.value for line in failures)
        violations = [name for name, is_true in conditions.items() if is_true]
        wall_s = monotonic() - started
        return Passage(outcome, wall_s, peak.bytes, deaths, opened, connected, passes_gate, violations)

    async def _connected_sandbox(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = replace(await Sandbox.detect(), landlock_version=0, has_seccomp=False)
        return self._sandbox


def _with_transcoder(world: World, transcoder: FFmpegTranscoder) -> World:
    adapters = replace(world.adapters, transcoder=transcoder)
    return replace(
        world,
        adapters=adapters,
        application=wire(adapters, Settings(limits=LimitSettings(max_video_seconds=LONGEST_S))),
    )


async def _process(world: World, source: Path) -> tuple[Outcome, str]:
    """Upload and process the file; return the outcome, and all text about it that the client can see."""
    try:
        video = await world.upload(await asyncio.to_thread(source.read_bytes), filename=source.name)
    except TelecineError as error:
        return Outcome("refused", error.code), error.detail
    await world.run_jobs()
    done = await world.video(video.id)
    return _outcome_of(done), repr(done)


async def _passes_gate(transcoder: FFmpegTranscoder, source: Path) -> bool:
    """Whether the worker's probe accepts the file as a video."""
    try:
        await transcoder.probe(source)
    except MediaRejected:
        return False
    return True


def _outcome_of(video: Video) -> Outcome:
    if video.status is VideoStatus.FAILED and video.failure is not None:
        return Outcome("failed", video.failure.code.value)
    published = video.publication
    return Outcome(
        status=video.status.value,
        how="nothing" if published is None else published.main.kind.value,
        warnings=tuple(warning.code.value for warning in video.warnings),
        keeps_original=published is not None and published.original is not None,
    )


@dataclass
class _Peak:
    bytes: int = 0


@contextmanager
def _memory_of_tools(*, is_measured: bool) -> Generator[_Peak]:
    """Measure the largest peak memory of any one tool inside the block, sampled every SAMPLE_EVERY_S seconds."""
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
    while not is_over.wait(SAMPLE_EVERY_S):
        for pid in _tools():
            memory = PeakMemory(pid)
            memory.read()
            peak.bytes = max(peak.bytes, memory.peak_bytes)


def _tools() -> list[int]:
    """Ids of the child processes that run ffmpeg or ffprobe."""
    pids = [int(pid) for task in Path("/proc/self/task").iterdir() for pid in _read(task / "children").split()]
    return [pid for pid in pids if _read(Path(f"/proc/{pid}/comm")).strip() in {"ffmpeg", "ffprobe"}]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # The process ended after it was listed.
