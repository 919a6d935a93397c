"""The job queue on Redis, for an event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic

from redis import RedisError
from redis.asyncio import Redis

from adapters.taskqueue.job_message import job_message
from adapters.taskqueue.outage_log import RedisOutage
from adapters.taskqueue.redis_messages import PUT, keys_of
from adapters.taskqueue.redis_settings import TIMEOUT_S, async_redis_client
from domain.model.errors import Unavailable
from domain.model.jobs.job import Job
from domain.ports.job_queue import JobQueue

# A call to an unresponsive Redis takes seconds; the calls of the next second fail at once instead.
PAUSE_S = 1.0


class RedisJobQueue(JobQueue):
    """Sends the messages that `TelecineRedisBroker` takes, without the thread that a Dramatiq broker would need.

    After a failure, calls fail at once for `PAUSE_S`, so that a client's request does not wait; the sweep sends later.
    """

    def __init__(self, client: Redis) -> None:
        self._put = client.register_script(PUT)
        self._paused_until = 0.0
        self._outage = RedisOutage("sending jobs")

    async def send(self, job: Job) -> None:
        if monotonic() < self._paused_until:
            raise Unavailable("Redis was unavailable a moment ago.", code="queue_unavailable")
        message = job_message(job)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._put(keys=keys_of(message.queue_name), args=[message.message_id, message.encode(), "rpush"])
        except (RedisError, TimeoutError) as error:
            self._paused_until = monotonic() + PAUSE_S
            self._outage.failed(error)
            raise Unavailable("Redis did not accept the message.", code="queue_unavailable") from error
        self._outage.succeeded()


@asynccontextmanager
async def redis_job_queue(url: str) -> AsyncGenerator[RedisJobQueue]:
    """A job queue for the running event loop; Redis may still be unavailable when it opens."""
    client = async_redis_client(url)
    try:
        yield RedisJobQueue(client)
    finally:
        await client.aclose()
