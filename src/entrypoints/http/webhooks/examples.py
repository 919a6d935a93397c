"""Example responses of webhooks in the OpenAPI document."""

from datetime import timedelta

from domain.model.webhooks.delivery import DeliveryError, DeliveryStatus
from entrypoints.http.openapi.sample_values import _CREATED_AT, _ID
from entrypoints.http.webhooks.schemas import (
    RECEIVER,
    SECRET,
    DeliveryPage,
    DeliveryView,
    RedeliverResponse,
    WebhookPage,
    WebhookResponse,
    WebhookWithSecret,
)

_WEBHOOK_ID = "7d0a4a53-94a4-4c0b-a3a4-6f5f0f0d8d11"
_DELIVERY_ID = "2f8e6c7a-6d3e-4f25-8c0b-1f9d3a5b7c22"

WEBHOOK = WebhookResponse(
    id=_WEBHOOK_ID,
    url=RECEIVER,
    events=("video.completed", "video.failed"),
    description="Our backend",
    enabled=True,
    disabled_reason=None,
    failing_since=None,
    previous_secret_until=None,
    created_at=_CREATED_AT,
    updated_at=_CREATED_AT,
)
CREATED = WebhookWithSecret(
    id=_WEBHOOK_ID,
    url=RECEIVER,
    events=("*",),
    description=None,
    enabled=True,
    disabled_reason=None,
    failing_since=None,
    previous_secret_until=None,
    created_at=_CREATED_AT,
    updated_at=_CREATED_AT,
    secret=SECRET,
)
WEBHOOKS = WebhookPage([WEBHOOK], None)
DELIVERY = DeliveryView(
    id=_DELIVERY_ID,
    message_id=f"msg_{_DELIVERY_ID}",
    event_type="video.completed",
    video_id=_ID,
    status=DeliveryStatus.PENDING,
    attempt=1,
    next_attempt_at=_CREATED_AT + timedelta(seconds=5),
    attempted_at=_CREATED_AT,
    response_status=500,
    response_text="Internal Server Error",
    latency_ms=41,
    error=DeliveryError.REFUSED,
    created_at=_CREATED_AT,
)
DELIVERIES = DeliveryPage([DELIVERY], None)
REDELIVERED = RedeliverResponse(3)
