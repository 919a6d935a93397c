"""F7, F8, F11: the time that a worker spends on each step of a video, and its memory without that of ffmpeg."""

import sys
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import httpx
import msgspec
from tests.services.postgres import running_postgres
from tests.services.redis import running_redis
from tests.services.s3 import S3Server, running_rclone
from tests.services.transcription_server import Answer, Posted, TranscriptionServer, in_json

from adapters.s3.query_signer import QuerySigner
from benchmarks.bare import BareSteps, bare_steps, encode, put
from benchmarks.clips import camera_clip, padded
from benchmarks.media_figures import MediaObservations, Span, WorkerRun, figures
from benchmarks.processes import Server
from benchmarks.scale import Outcome, Scale
from benchmarks.telecine import Bucket, Installation, on_postgres

CLIP_S, SMALL_CLIP_S = 60, 20
LARGE_BYTES = 2 * 1024**3
TRANSCRIPTION_S = 10.0
POLL_S = 0.2
TIMEOUT_S = 900.0
_WAV_BYTES_PER_S = 32_000
_FINAL = {"completed", "failed"}


class SlowTranscriber(TranscriptionServer):
    """Returns the same sentence for every chunk, after `minute_s` per minute of speech."""

    def __init__(self, minute_s: float) -> None:
        super().__init__()
        self.waited_s = 0.0
        self._minute_s = minute_s
        self._lock = threading.Lock()

    def answer(self, posted: Posted) -> Answer:
        """Return the sentence after the delay."""
        delay_s = self._minute_s * len(posted.content) / _WAV_BYTES_PER_S / CLIP_S
        with self._lock:
            self.waited_s += delay_s
        spoken = in_json({"text": "A worker makes it smaller, and writes down what is said."})
        return Answer(spoken.body, delay_s=delay_s)


@dataclass(frozen=True, slots=True)
class Stage:
    """A production-like installation, with one worker for media and one for other jobs."""

    folder: Path
    store: S3Server
    transcriber: SlowTranscriber
    media: Server
    api: httpx.Client
    signer: QuerySigner = field(repr=False)

    def signed(self, method: str, key: str) -> str:
        """A presigned URL of the bucket, for the steps without a service."""
        path = f"/{self.store.bucket}/{key}"
        return self.signer.sign(method, path, query={}, now=datetime.now(UTC), expires_in_s=3600)

    def bare(self, clip: Path, *, transcribe_s: float) -> BareSteps:
        """Run one round without a service."""
        put(clip, self.signed("PUT", "bare/source.mp4"))
        get_url, put_url = self.signed("GET", "bare/source.mp4"), self.signed("PUT", "bare/rendition.mp4")
        return bare_steps(self.folder, get_url, put_url, transcribe_s=transcribe_s)

    def worker_run(self, clip: Path) -> WorkerRun:
        """Upload one video, and follow it to its final status."""
        waited_s, began = self.transcriber.waited_s, perf_counter()
        video_id = self._upload(clip)
        accepted_at = datetime.now(UTC)
        spans: dict[str, Span] = {}
        while (status := self._get(f"/api/videos/{video_id}/status"))["status"] not in _FINAL:
            _note(spans, status, (datetime.now(UTC) - accepted_at).total_seconds())
            if perf_counter() - began > TIMEOUT_S:
                raise TimeoutError("The video was not finished in time.")
            sleep(POLL_S)
        ended_s = (datetime.fromisoformat(status["updated_at"]) - accepted_at).total_seconds()
        _note(spans, status, ended_s)
        if status["status"] != "completed":
            raise RuntimeError(f"The video failed: {status['failure']}")
        return WorkerRun(
            seconds=ended_s,
            transcribe_s=self.transcriber.waited_s - waited_s,
            source_bytes=clip.stat().st_size,
            rendition_bytes=self._get(f"/api/videos/{video_id}")["rendition_size_bytes"],
            spans=spans,
            worker_peak_bytes=_peak_bytes(self.media),
        )

    def _upload(self, clip: Path) -> str:
        declared = {"filename": clip.name, "file_size": clip.stat().st_size, "content_type": "video/mp4"}
        grant = self.api.post("/api/videos/upload/presigned", json=declared).raise_for_status().json()
        put(clip, grant["upload_url"])
        path = f"/api/videos/{grant['video_id']}/upload/complete"
        self.api.post(path, json={"success": True}).raise_for_status()
        return str(grant["video_id"])

    def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.get(path).raise_for_status().json()
        return answer


def run(scale: Scale, folder: Path) -> Outcome:
    """Process the same clip with and without a worker, in turn; then a small one, and a large file."""
    folder.mkdir(exist_ok=True)
    sys.stderr.write("benchmarks: generating clips\n")
    clip = camera_clip(folder / "clip.mp4", seconds=CLIP_S, height=1080, crf=25)
    small = camera_clip(folder / "small.mp4", seconds=CLIP_S, height=720, crf=38)
    short = camera_clip(folder / "short.mp4", seconds=SMALL_CLIP_S, height=720, crf=38)
    large = padded(short, folder / "large.mp4", size_bytes=LARGE_BYTES)
    with _stage(folder) as stage:
        stage.worker_run(short)  # Modules that the first video loads are not measured.
        rounds: list[tuple[BareSteps, WorkerRun]] = []
        for number in range(scale.upload_rounds):
            sys.stderr.write(f"benchmarks: round {number + 1} of {scale.upload_rounds}\n")
            made = stage.worker_run(clip)
            rounds.append((stage.bare(clip, transcribe_s=made.transcribe_s), made))
        remuxed = stage.worker_run(small)
        encode_s = _encode_s(small, folder / "small-encoded.mp4")
        observed = MediaObservations(rounds, remuxed, encode_s, stage.worker_run(large))
    return Outcome(figures(observed), {"media": msgspec.to_builtins(observed)})


@contextmanager
def _stage(folder: Path) -> Generator[Stage]:
    with ExitStack() as stack:
        url = stack.enter_context(running_postgres()).new_database()
        redis_url = stack.enter_context(running_redis()).url
        store = stack.enter_context(running_rclone(folder / "bucket"))
        transcriber = stack.enter_context(_transcribing())
        bucket = Bucket.of(store)
        installation = _with_transcriber(on_postgres(folder, url, bucket, redis_url), transcriber)
        server = stack.enter_context(installation.serving())
        media = stack.enter_context(installation.working("media", "--queues", "media", "--threads", "1"))
        stack.enter_context(installation.working("io", "--queues", "io,maintenance", "--threads", "2"))
        headers = {"Authorization": installation.headers()["Authorization"]}
        api = stack.enter_context(httpx.Client(base_url=server.url, headers=headers, timeout=60))
        signer = QuerySigner(
            bucket.endpoint_url,
            region=bucket.region,
            access_key_id=bucket.access_key_id,
            secret_access_key=bucket.secret_access_key,
        )
        yield Stage(folder, store, transcriber, media, api, signer)


def _with_transcriber(installation: Installation, transcriber: SlowTranscriber) -> Installation:
    """Transcribe one chunk at a time, so that the transcription takes as long as the server's delays."""
    speech = {
        "TELECINE_TRANSCRIBER": "openai",
        "TELECINE_TRANSCRIPTION_CONCURRENCY": "1",
        "OPENAI_BASE_URL": transcriber.base_url,
    }
    return Installation(installation.folder, {**installation.settings, **speech})


@contextmanager
def _transcribing() -> Generator[SlowTranscriber]:
    with SlowTranscriber(TRANSCRIPTION_S) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join()


def _note(spans: dict[str, Span], status: dict[str, Any], now_s: float) -> None:
    """Record when each stage was first seen running, and first seen ended."""
    for stage in status["stages"]:
        name, state = stage["name"], stage["state"]
        if state == "pending" or name == "upload":
            continue
        known = spans.get(name)
        began_s = now_s if known is None else known.began_s
        if known is None or known.is_open:
            spans[name] = Span(began_s, now_s, is_open=state == "running")


def _encode_s(source: Path, target: Path) -> float:
    began = perf_counter()
    encode(source, target)
    return perf_counter() - began


def _peak_bytes(server: Server) -> int:
    """The peak memory of the process, as the kernel reports it; ffmpeg is a separate process."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8").splitlines():
        label, _, value = line.partition(":")
        if label == "VmHWM":
            return int(value.split()[0]) * 1024
    raise RuntimeError("The kernel reports no peak of the worker's memory.")
