"""F12: empty jobs per second, from claim to done, with two worker processes."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from tests.services.postgres import running_postgres
from tests.services.redis import running_redis

from adapters.sql.config import PostgresConfig
from adapters.sql.postgres import postgres_database
from adapters.taskqueue.job_queue import DramatiqJobQueue
from adapters.taskqueue.redis_broker import TelecineRedisBroker
from benchmarks.figures import figure
from benchmarks.processes import Server, wait_until
from benchmarks.rows import Rows, postgres_rows
from benchmarks.scale import Outcome, Scale
from benchmarks.telecine import Bucket, on_postgres
from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import Job, NewJob
from domain.model.jobs.payloads import ErasePayload

WORKERS = ("worker-1", "worker-2")
THREADS = 8
TIMEOUT_S = 120.0
_NOT_QUEUED = "SELECT count(*) FROM jobs WHERE state <> 'queued'"
_DONE = "SELECT count(*) FROM jobs WHERE state = 'done'"


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure erase jobs without objects: a real job kind that passes through every step of a job."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        redis_url = stack.enter_context(running_redis()).url
        url = postgres.new_database()
        installation = on_postgres(folder, url, Bucket(), redis_url)
        options = ("--queues", "maintenance", "--threads", str(THREADS))
        workers = [stack.enter_context(installation.working(name, *options)) for name in WORKERS]
        rows = stack.enter_context(postgres_rows(url))
        rounds = [_round(number, scale.jobs, workers, rows, url, redis_url) for number in range(1 + scale.rounds)]
    rates = [rate for rate, _ in rounds[1:]]
    cpu_us = [cpu for _, cpu in rounds[1:]]
    reached = figure(
        "F12",
        "empty jobs a second, two workers",
        rates,
        measured=f"{scale.jobs} jobs a round, {min(cpu_us):,.0f} to {max(cpu_us):,.0f} µs of the workers' CPU for one",
        at_least=200,
        unit="jobs/s",
    )
    return Outcome([reached], {"jobs": {"per_s": rates, "worker_cpu_us": cpu_us}})


def _round(
    number: int, count: int, workers: Sequence[Server], rows: Rows, database_url: str, redis_url: str
) -> tuple[float, float]:
    """Jobs per second, from the first claim to the last finished job, and the workers' CPU time per job."""
    before = rows.value(_DONE)
    _send_signal(workers, signal.SIGSTOP)  # So that all jobs are queued when both workers start.
    asyncio.run(_send(number, count, database_url, redis_url))
    cpu_s = sum(worker.cpu_s() for worker in workers)
    _send_signal(workers, signal.SIGCONT)
    wait_until(lambda: rows.value(_NOT_QUEUED) > before, "the first claim", timeout_s=TIMEOUT_S, every_s=0.005)
    began = perf_counter()
    wait_until(lambda: rows.value(_DONE) == before + count, "the last job", timeout_s=TIMEOUT_S, every_s=0.02)
    rate = count / (perf_counter() - began)
    return rate, (sum(worker.cpu_s() for worker in workers) - cpu_s) / count * 1e6


def _send_signal(workers: Sequence[Server], number: signal.Signals) -> None:
    for worker in workers:
        worker.process.send_signal(number)


async def _send(number: int, count: int, database_url: str, redis_url: str) -> None:
    """Store the jobs and send them, as the API and the sweep do."""
    async with postgres_database(PostgresConfig(url=database_url)) as database:
        async with database.write() as work:
            jobs: list[Job] = [await work.jobs.add(_empty(f"{number}-{index}")) for index in range(count)]
            await work.jobs.mark_sent(*(job.lease for job in jobs))
        broker = TelecineRedisBroker(redis_url, {}, [])
        queue = DramatiqJobQueue(broker)
        for job in jobs:
            await queue.send(job)
        broker.close()


def _empty(name: str) -> NewJob:
    return NewJob(JobId(f"job-{name}"), VideoId(f"video-{name}"), ErasePayload(), max_attempts=12)
