"""The bodies of webhooks, in the form of the Standard Webhooks specification."""

import json
from datetime import datetime

from domain.model.ids import WebhookId
from domain.model.videos.events import Event

TEST_EVENT = "webhook.test"


def body_of(event: Event) -> str:
    """The JSON text that is sent for an event; every attempt sends the same text."""
    data: dict[str, object] = {}
    if event.video_id is not None:
        failure = event.failure
        data = {
            "video_id": event.video_id,
            "seq": event.seq,
            "title": event.title,
            "external_id": event.external_id,
            "status": event.status,
            "playable": event.playable,
            "failure": None
            if failure is None
            else {"stage": failure.stage, "code": failure.code, "message": failure.message},
        }
    return _body(event.type, event.occurred_at, data | dict(event.details))


def body_of_test(endpoint_id: WebhookId, *, now: datetime) -> str:
    """The JSON text of a test event."""
    return _body(TEST_EVENT, now, {"webhook_id": endpoint_id})


def _body(event_type: str, occurred_at: datetime, data: dict[str, object]) -> str:
    return json.dumps({"type": event_type, "timestamp": occurred_at.isoformat(), "data": data}, separators=(",", ":"))
