"""A worker on a real Redis and SQLite: whatever Redis loses or rejects, every job is done."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.model.ids import JobId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import ErasePayload, QueueName
from domain.model.object_key import ObjectKey
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.jobs.dispatch_job import DispatchJob
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.bootstrap import open_adapters
from entrypoints.bootstrap.roles import Role
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.jobs import JobSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from entrypoints.worker.worker import running_worker
from tests.e2e.processes import wait_until
from tests.services.redis import RunningRedis, running_redis
from tests.support.builders import VIDEO_ID, a_new_job, a_uuid, a_video

pytestmark = pytest.mark.anyio

JOBS = 40
MAX_WAIT_S = 180


@pytest.fixture
def server() -> Generator[RunningRedis]:
    """A separate server that the tests may break."""
    with running_redis() as running:
        yield running


@asynccontextmanager
async def _api(settings: Settings) -> AsyncGenerator[Adapters]:
    """The adapters of an API process, with one video in its database."""
    async with open_adapters(settings, Role.API) as adapters:
        async with adapters.database.write() as work:
            await work.videos.add(a_video(status=VideoStatus.COMPLETED))
        yield adapters


@asynccontextmanager
async def _worker(settings: Settings, **options: Any) -> AsyncGenerator[None]:  # noqa: ANN401 (what a worker takes)
    """Run a worker; it starts and stops in a thread, because it may wait for a transaction of the API."""
    with ExitStack() as stack:
        await asyncio.to_thread(stack.enter_context, running_worker(settings, **options))
        try:
            yield
        finally:
            await asyncio.to_thread(stack.close)


def _settings(server: RunningRedis, folder: Path) -> Settings:
    return Settings(
        storage=StorageSettings(data_dir=folder / "data"),
        job_queue=JobQueueSettings(redis_url=Secret(server.url)),
        transcription=TranscriptionSettings(transcriber="none"),
        jobs=JobSettings(sweep_seconds=0.2, resend_seconds=0.5),
    )


async def _enqueue(adapters: Adapters, numbers: range) -> list[bool]:
    """Store an erase job for each number and send it; returns whether each was sent."""
    send = DispatchJob(adapters.database, adapters.queue)
    return [await send(await _owed(adapters, number)) for number in numbers]


async def _owed(adapters: Adapters, number: int) -> Job:
    payload = ErasePayload(keys=(ObjectKey(f"videos/ada/{number}.mp4"),))
    async with adapters.database.write() as work:
        return await work.jobs.add(a_new_job(id=JobId(a_uuid(100 + number)), payload=payload))


async def _all_done(adapters: Adapters, count: int) -> None:
    """Wait until every job is done, each at its first attempt."""
    async with asyncio.timeout(MAX_WAIT_S):
        jobs = await _jobs(adapters)
        while {job.state for job in jobs} != {JobState.DONE}:
            await asyncio.sleep(0.05)
            jobs = await _jobs(adapters)
    assert [job.attempt for job in jobs] == [1] * count


async def _jobs(adapters: Adapters) -> list[Job]:
    async with adapters.database.read() as work:
        return await work.jobs.of_video(VIDEO_ID)


async def test_redis_away_at_enqueue_fails_nothing(server: RunningRedis, tmp_path: Path) -> None:
    """Neither the API nor a worker that starts during it: the jobs are stored, and the sweep sends them."""
    settings = _settings(server, tmp_path)
    server.stop()
    async with _api(settings) as api:
        assert await _enqueue(api, range(3)) == [False] * 3
        async with _worker(settings):
            assert await _enqueue(api, range(3, 6)) == [False] * 3
            server.start()
            await _all_done(api, 6)


async def test_a_full_redis_fails_nothing(server: RunningRedis, tmp_path: Path) -> None:
    """It rejects new messages until it has room again; no job is lost."""
    settings = _settings(server, tmp_path)
    server.fill()
    async with _api(settings) as api, _worker(settings):
        assert await _enqueue(api, range(3)) == [False] * 3
        server.set_maxmemory("0")
        await _all_done(api, 3)


@pytest.mark.parametrize("loss", ["flushall", "crash", "restart"])
async def test_messages_that_redis_loses_are_sent_again(server: RunningRedis, tmp_path: Path, loss: str) -> None:
    """Redis is emptied or restarted while jobs wait and run: each is done in its first attempt."""
    settings = _settings(server, tmp_path)
    async with _api(settings) as api:
        await _enqueue(api, range(JOBS))
        async with _worker(settings):
            await asyncio.to_thread(wait_until, lambda: _some_taken(server))
            _lose(server, loss)
            await _enqueue(api, range(JOBS, JOBS + 5))
            await _all_done(api, JOBS + 5)


def _some_taken(server: RunningRedis) -> bool:
    waiting = server.ask("LLEN", "dramatiq:maintenance")
    assert isinstance(waiting, int)
    return waiting < JOBS


def _lose(server: RunningRedis, loss: str) -> None:
    match loss:
        case "flushall":
            server.flushall()
        case "crash":
            server.stop()
            server.start()
        case _:
            server.restart()


async def test_a_worker_leaves_other_queues_alone(server: RunningRedis, tmp_path: Path) -> None:
    """Their messages stay in Redis until a worker for them starts."""
    settings = _settings(server, tmp_path)
    async with _api(settings) as api:
        await _enqueue(api, range(1))
        _write(server, QueueName.MEDIA, b'{"actor_name": "process", "args": ["nobody\'s"]}')
        queues = frozenset({QueueName.MEDIA, QueueName.IO})
        with capture_logs() as lines:
            async with _worker(settings, queues=queues):
                await asyncio.to_thread(wait_until, lambda: _jobs_logged(lines) == ["not_claimed"])
                assert server.ask("LLEN", "dramatiq:maintenance") == 1
        async with _worker(settings, queues=frozenset({QueueName.MAINTENANCE}), threads=4):
            await _all_done(api, 1)


def _write(server: RunningRedis, queue: QueueName, message: bytes) -> None:
    """Put a message at the front of the queue."""
    server.ask("HSET", f"dramatiq:{queue}.msgs", "any", message)
    server.ask("LPUSH", f"dramatiq:{queue}", "any")


def _jobs_logged(lines: Sequence[Mapping[str, object]]) -> list[object]:
    return [line["result"] for line in lines if line["event"] == "job"]


async def test_one_line_is_logged_for_each_job(server: RunningRedis, tmp_path: Path) -> None:
    """With everything needed to find it; a message with an unknown job id has a line too."""
    settings = _settings(server, tmp_path)
    async with _api(settings) as api:
        await _enqueue(api, range(1))
        _write(server, QueueName.MAINTENANCE, b'{"actor_name": "erase", "args": ["nobody\'s"]}')
        with capture_logs() as lines:
            async with _worker(settings):
                await _all_done(api, 1)
                await asyncio.to_thread(wait_until, lambda: len(_jobs_logged(lines)) == 2)
    missing, done = (line for line in lines if line["event"] == "job")
    assert (missing["job_id"], missing["result"]) == ("nobody's", "not_claimed")
    assert done.pop("duration_s") >= 0
    assert done == {
        "event": "job",
        "log_level": "info",
        "job_id": a_uuid(100),
        "result": "done",
        "kind": "erase",
        "queue": "maintenance",
        "video_id": VIDEO_ID,
        "attempt": 1,
        "fence": 1,
    }
