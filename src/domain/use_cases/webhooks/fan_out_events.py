"""Turn events of the log into deliveries."""

from dataclasses import dataclass

from domain.model.errors import JobNotFound
from domain.model.ids import DeliveryId, JobId
from domain.model.jobs.job import Job
from domain.model.videos.events import LoggedEvent
from domain.model.webhooks.delivery import Delivery
from domain.model.webhooks.endpoint import WebhookEndpoint
from domain.model.webhooks.payload import body_of
from domain.model.webhooks.schedule import PAUSE_S
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.id_generator import IdGenerator
from domain.use_cases.jobs.dispatch_job import DispatchJob

BATCH = 200


@dataclass(frozen=True, slots=True)
class FanOutEvents:
    """Create a delivery for every new event and every enabled endpoint that wants it.

    - The deliveries, the jobs that they wake and the position in the log commit together, so an event is neither lost
      nor delivered twice, whenever a process dies.
    - An event for an endpoint whose last attempts have all failed is sent with the next attempt of another one, or
      after the pause of such an endpoint.
    - Any number of processes may run it; the one that holds the position does the work.
    """

    database: Database
    clock: Clock
    ids: IdGenerator
    dispatch: DispatchJob

    async def __call__(self) -> int:
        """Read the log to its end, and return the number of deliveries.

        Raises:
            Unavailable: the database failed; the events stay in the log.
        """
        created = 0
        while await self._is_behind():
            async with self.database.write() as work:
                await work.events.settle()
            batch = await self._batch()
            if batch is None:
                break
            created += batch
        return created

    async def _is_behind(self) -> bool:
        async with self.database.read() as work:
            if await work.events.has_unsettled():
                return True
            return await work.events.last_position() > await work.webhook_deliveries.position()

    async def _batch(self) -> int | None:
        """The number of deliveries of the next events; None if there are none, or another process is at work."""
        async with self.database.write() as work:
            position = await work.webhook_deliveries.lock_position()
            events = [] if position is None else await work.events.after(position, limit=BATCH)
            if not events:
                return None
            deliveries, woken = await self._deliveries(work, events)
            await work.webhook_deliveries.add(*deliveries)
            await work.webhook_deliveries.save_position(events[-1].position)
        for job in woken:
            await self.dispatch(job)
        return len(deliveries)

    async def _deliveries(self, work: UnitOfWork, events: list[LoggedEvent]) -> tuple[list[Delivery], list[Job]]:
        endpoints = await work.webhook_endpoints.enabled_of({each.event.owner for each in events})
        deliveries: list[Delivery] = []
        woken: list[Job] = []
        # Always in the same order, so that two transactions that wake the same jobs do not deadlock.
        for endpoint in sorted(endpoints, key=lambda each: each.id):
            wanted = [each for each in events if _is_for(each, endpoint)]
            if not wanted:
                continue
            try:
                # An event does not end the pause of an endpoint that fails.
                job = await work.jobs.wake(JobId(endpoint.id), within_s=PAUSE_S if endpoint.is_failing else 0.0)
            except JobNotFound:
                continue  # The endpoint has just been deleted.
            woken += [] if job is None else [job]
            deliveries += [self._delivery(each, endpoint) for each in wanted]
        return deliveries, woken

    def _delivery(self, logged: LoggedEvent, endpoint: WebhookEndpoint) -> Delivery:
        return Delivery(
            id=DeliveryId(self.ids.new_id()),
            endpoint_id=endpoint.id,
            event_type=logged.event.type.value,
            body=body_of(logged.event),
            created_at=self.clock.now(),
            video_id=logged.event.video_id,
            position=logged.position,
        )


def _is_for(logged: LoggedEvent, endpoint: WebhookEndpoint) -> bool:
    is_owner = logged.event.owner == endpoint.owner
    return is_owner and endpoint.wants(logged.event.type, position=logged.position)
