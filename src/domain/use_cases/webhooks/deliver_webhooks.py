"""Send the due deliveries of one webhook endpoint."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.model.errors import LeaseLost, Unavailable, WebhookNotFound
from domain.model.ids import WebhookId
from domain.model.jobs.job import Job
from domain.model.webhooks.delivery import Answer, Delivery, DeliveryError
from domain.model.webhooks.endpoint import DisabledReason, WebhookEndpoint
from domain.model.webhooks.schedule import PAUSE_S
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.webhook_secrets import WebhookSecrets
from domain.ports.webhook_sender import SignedMessage, WebhookSender
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.handlers import JobHandler

# After this long, an endpoint lets the others have its place in the worker.
TURN_S = 20.0
# Without pending deliveries the job sleeps until an event wakes it; it looks for itself this often.
IDLE_S = 6 * 3600.0


@dataclass(slots=True)
class _Turn:
    """One run of an endpoint's job: how many requests run at once, and what has come of them."""

    width: int
    ends_at: datetime
    failures: int = 0
    has_succeeded: bool = False
    is_over: bool = False
    pause_s: float = 0.0

    def judge(self, answers: list[Answer], *, max_width: int, now: datetime) -> None:
        """After a success, all places are used. After as many failures as there are places, the turn is over.

        A turn whose time ends without a success is followed by a pause, too: a silent receiver must not occupy a place
        of the worker all the time.
        """
        if any(answer.is_success for answer in answers):
            self.width, self.failures, self.has_succeeded = max_width, 0, True
        else:
            self.failures += len(answers)
        is_late = now >= self.ends_at
        has_failed = self.failures >= max_width or (is_late and not self.has_succeeded)
        self.is_over = is_late or has_failed
        self.pause_s = PAUSE_S if has_failed else 0.0


@dataclass(frozen=True, slots=True)
class DeliverWebhooks(JobHandler):
    """Send the due deliveries of one endpoint, `width` at once, until none is due.

    - Every endpoint has one job, which never ends, so that an endpoint occupies one place of a worker however many
      deliveries wait. A receiver that fails gets one request at a time until one succeeds.
    - After `TURN_S` the job goes to the end of its queue, so that endpoints take turns.
    - The results of requests that ran together commit together, under the lease. A worker that dies between the answer
      and the commit leaves the delivery pending: it is sent again with the same `webhook-id`.
    """

    database: Database
    sender: WebhookSender
    secrets: WebhookSecrets
    clock: Clock
    dispatch: DispatchJob
    width: int = 16
    disable_after_days: float = 5.0

    async def __call__(self, job: Job) -> None:
        """Send what is due, and park the job until more is."""
        endpoint_id = WebhookId(job.video_id)
        try:
            turn = await self._send_due(job, endpoint_id)
            await self._park(job, endpoint_id, pause_s=turn.pause_s)
        except (LeaseLost, WebhookNotFound):
            if not await self._is_deleted(endpoint_id):
                raise

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Do nothing: the deliveries stay pending."""

    async def _send_due(self, job: Job, endpoint_id: WebhookId) -> _Turn:
        ends_at = self.clock.now() + timedelta(seconds=TURN_S)
        turn: _Turn | None = None
        while turn is None or not turn.is_over:
            async with self.database.read() as work:
                endpoint = await work.webhook_endpoints.get(endpoint_id)
                if turn is None:
                    turn = _Turn(1 if endpoint.is_failing else self.width, ends_at)
                due = await work.webhook_deliveries.due(endpoint_id, limit=turn.width) if endpoint.is_enabled else []
            if not due:
                break
            answers = await asyncio.gather(*(self._send(endpoint, delivery) for delivery in due))
            await self._record(job, due, answers)
            turn.judge(answers, max_width=self.width, now=self.clock.now())
        return turn

    async def _send(self, endpoint: WebhookEndpoint, delivery: Delivery) -> Answer:
        now = self.clock.now()
        try:
            signature = self.secrets.sign(
                endpoint.secrets.valid_at(now), message_id=delivery.message_id, sent_at=now, body=delivery.body
            )
        except Unavailable:
            return Answer(latency_ms=0, error=DeliveryError.UNSIGNED)
        message = SignedMessage(endpoint.url, delivery.message_id, now, signature, delivery.body)
        return await self.sender.send(message)

    async def _record(self, job: Job, sent: list[Delivery], answers: list[Answer]) -> None:
        now = self.clock.now()
        attempted = [delivery.attempted(answer, now=now) for delivery, answer in zip(sent, answers, strict=True)]
        async with self.database.write() as work:
            await work.jobs.lock(job.lease)
            await work.webhook_deliveries.record(*attempted)
            endpoint = await work.webhook_endpoints.get(WebhookId(job.video_id))
            judged, reason = self._judged(endpoint, answers)
            if judged != endpoint:
                await work.webhook_endpoints.save(judged)
            if reason is not None:
                await work.webhook_deliveries.fail_pending(endpoint.id, DeliveryError.ENDPOINT_DISABLED)
                await work.events.append(judged.disabled_event(reason, now=now))

    def _judged(
        self, endpoint: WebhookEndpoint, answers: list[Answer]
    ) -> tuple[WebhookEndpoint, DisabledReason | None]:
        """The endpoint after these answers, and why it is disabled now if it is."""
        now = self.clock.now()
        if any(answer.is_success for answer in answers):
            after, has_failed = endpoint.succeeded(), False
        else:
            after = endpoint.failed(now=now)
            has_failed = after.has_failed_for(self.disable_after_days, now=now)
        reason = DisabledReason.FAILING if has_failed else None
        if any(answer.is_gone for answer in answers):
            reason = DisabledReason.GONE
        if reason is None or not endpoint.is_enabled:
            return after, None
        return after.disabled(reason, now=now), reason

    async def _park(self, job: Job, endpoint_id: WebhookId, *, pause_s: float) -> None:
        async with self.database.write() as work:
            # The lock comes first: an event that is added after this look waits, and then finds the job queued.
            await work.jobs.lock(job.lease)
            if not (await work.webhook_endpoints.get(endpoint_id)).is_enabled:
                # A request that was running, or a fan-out that saw the endpoint enabled, may have left some pending.
                await work.webhook_deliveries.fail_pending(endpoint_id, DeliveryError.ENDPOINT_DISABLED)
            next_due_s = await work.webhook_deliveries.next_due_s(endpoint_id)
            delay_s = IDLE_S if next_due_s is None else max(next_due_s, pause_s)
            await work.jobs.park(job.lease, delay_s=delay_s)
        if delay_s == 0.0:
            await self.dispatch(job)

    async def _is_deleted(self, endpoint_id: WebhookId) -> bool:
        async with self.database.read() as work:
            try:
                await work.webhook_endpoints.get(endpoint_id)
            except WebhookNotFound:
                return True
        return False
