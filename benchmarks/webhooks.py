"""E4: deliveries per second from one worker to one receiver that answers after 50 ms."""

import asyncio
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from tests.services.postgres import running_postgres
from tests.services.redis import running_redis
from tests.services.webhook_receiver import OK, Received, Receiver, running_receiver

from adapters.sql.config import PostgresConfig
from adapters.sql.postgres import postgres_database
from adapters.taskqueue.job_queue import DramatiqJobQueue
from adapters.taskqueue.redis_broker import TelecineRedisBroker
from adapters.webhook.secrets import StandardWebhookSecrets
from benchmarks.figures import figure
from benchmarks.processes import wait_until
from benchmarks.rows import postgres_rows
from benchmarks.scale import Outcome, Scale
from benchmarks.telecine import SECRET, USER, Bucket, on_postgres
from domain.model.ids import DeliveryId, JobId, UserId, VideoId, WebhookId
from domain.model.jobs.job import NewJob
from domain.model.jobs.payloads import DeliverPayload
from domain.model.webhooks.delivery import Delivery
from domain.model.webhooks.endpoint import EndpointSecrets, WebhookEndpoint

ANSWER_S = 0.05
TIMEOUT_S = 300.0
_DELIVERED = "SELECT count(*) FROM webhook_deliveries WHERE status = 'delivered'"


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure from the commit of all deliveries until the last one is recorded as delivered."""
    with ExitStack() as stack:
        receiver = stack.enter_context(_slow_receiver())
        url = stack.enter_context(running_postgres()).new_database()
        redis_url = stack.enter_context(running_redis()).url
        installation = on_postgres(folder, url, Bucket(), redis_url)
        allowed = {"TELECINE_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
        installation = replace(installation, settings={**installation.settings, **allowed})
        stack.enter_context(installation.working("worker", "--queues", "webhooks"))
        rows = stack.enter_context(postgres_rows(url))
        rates: list[float] = []
        for _ in range(1 + scale.rounds):
            before = rows.value(_DELIVERED)
            asyncio.run(_send(scale.jobs, receiver.url(), url, redis_url))
            began = perf_counter()
            wait_until(lambda: rows.value(_DELIVERED) == before + scale.jobs, "all", timeout_s=TIMEOUT_S)  # noqa: B023 (called at once)
            rates.append(scale.jobs / (perf_counter() - began))
    reached = figure(
        "E4",
        "webhooks a second, one worker, one receiver that answers in 50 ms",
        rates[1:],
        measured=f"{scale.jobs} deliveries a round",
        at_least=100,
        unit="deliveries/s",
    )
    return Outcome([reached], {"webhooks": {"per_s": rates[1:]}})


@contextmanager
def _slow_receiver() -> Generator[Receiver]:
    """A receiver on an event loop of its own."""
    loop, started, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Receiver] = []

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(ANSWER_S)
        writer.write(OK)

    async def serve() -> None:
        async with running_receiver() as receiver:
            receiver.answer = answer
            found.append(receiver)
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    started.wait()
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


async def _send(count: int, receiver_url: str, database_url: str, redis_url: str) -> None:
    """Store an endpoint with its deliveries and its job, and send the job, as the fan-out does."""
    endpoint = _endpoint(receiver_url)
    job = NewJob(JobId(endpoint.id), VideoId(endpoint.id), DeliverPayload(), max_attempts=10)
    async with postgres_database(PostgresConfig(url=database_url)) as database:
        async with database.write() as work:
            await work.webhook_endpoints.add(endpoint)
            await work.webhook_deliveries.add(*[_delivery(endpoint) for _ in range(count)])
            stored = await work.jobs.add(job)
        broker = TelecineRedisBroker(redis_url, {}, [])
        await DramatiqJobQueue(broker).send(stored)
        broker.close()


def _endpoint(url: str) -> WebhookEndpoint:
    now = datetime.now(UTC)
    secrets = EndpointSecrets(StandardWebhookSecrets(SECRET.encode()).create())
    return WebhookEndpoint(WebhookId(str(uuid4())), UserId(USER), url, ("*",), None, secrets, 0, now, now)


def _delivery(endpoint: WebhookEndpoint) -> Delivery:
    body = '{"type":"video.completed","timestamp":"2026-01-02T03:04:05+00:00","data":{"video_id":"x"}}'
    return Delivery(DeliveryId(str(uuid4())), endpoint.id, "video.completed", body, datetime.now(UTC))
