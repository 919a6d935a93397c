"""Wires webhooks: the use cases of the API, the job that delivers, and the fan-out of events."""

from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.webhooks.create_webhook import CreateWebhook
from domain.use_cases.webhooks.delete_webhook import DeleteWebhook
from domain.use_cases.webhooks.deliver_webhooks import DeliverWebhooks
from domain.use_cases.webhooks.edit_webhook import EditWebhook
from domain.use_cases.webhooks.expire_deliveries import ExpireDeliveries
from domain.use_cases.webhooks.fan_out_events import FanOutEvents
from domain.use_cases.webhooks.list_deliveries import ListDeliveries
from domain.use_cases.webhooks.list_webhooks import ListWebhooks
from domain.use_cases.webhooks.redeliver import Redeliver
from domain.use_cases.webhooks.rotate_secret import RotateSecret
from domain.use_cases.webhooks.send_test_event import SendTestEvent
from entrypoints.application import Webhooks
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.webhooks import WebhookSettings


def webhooks(adapters: Adapters, settings: WebhookSettings, *, dispatch: DispatchJob) -> Webhooks:
    """Wire the use cases that manage webhooks, and the fan-out of events to them."""
    database, clock, ids = adapters.database, adapters.clock, adapters.ids
    sender, secrets = adapters.webhook_sender, adapters.webhook_secrets
    return Webhooks(
        create=CreateWebhook(
            database=database,
            sender=sender,
            secrets=secrets,
            clock=clock,
            ids=ids,
            max_per_user=settings.max_per_user,
        ),
        list=ListWebhooks(database=database),
        edit=EditWebhook(database=database, sender=sender, clock=clock),
        delete=DeleteWebhook(database=database),
        rotate_secret=RotateSecret(
            database=database, secrets=secrets, clock=clock, keep_s=settings.secret_overlap_seconds
        ),
        send_test_event=SendTestEvent(database=database, clock=clock, ids=ids, dispatch=dispatch),
        list_deliveries=ListDeliveries(database=database),
        redeliver=Redeliver(database=database, dispatch=dispatch),
        fan_out=FanOutEvents(database=database, clock=clock, ids=ids, dispatch=dispatch),
    )


def deliver_webhooks(adapters: Adapters, settings: WebhookSettings, *, dispatch: DispatchJob) -> DeliverWebhooks:
    """Wire the job that sends the deliveries of one endpoint."""
    return DeliverWebhooks(
        database=adapters.database,
        sender=adapters.webhook_sender,
        secrets=adapters.webhook_secrets,
        clock=adapters.clock,
        dispatch=dispatch,
        width=settings.endpoint_concurrency,
        disable_after_days=settings.disable_after_days,
    )


def expire_deliveries(adapters: Adapters, settings: WebhookSettings) -> ExpireDeliveries:
    """Wire the removal of old deliveries."""
    return ExpireDeliveries(database=adapters.database, clock=adapters.clock, keep_days=settings.delivery_days)
