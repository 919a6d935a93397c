"""Request and response bodies of webhooks."""

from datetime import datetime
from typing import Annotated, Any, Self

import msgspec
from msgspec import Meta

from domain.model.videos.events import EventType
from domain.model.webhooks.delivery import Delivery, DeliveryError, DeliveryStatus
from domain.model.webhooks.endpoint import ANY_EVENT, MAX_DESCRIPTION_LENGTH, DisabledReason, WebhookEndpoint
from domain.model.webhooks.listing import Listing
from domain.model.webhooks.url import MAX_URL_LENGTH
from domain.use_cases.webhooks.create_webhook import CreatedWebhook
from domain.use_cases.webhooks.rotate_secret import RotatedSecret
from entrypoints.http.openapi.patterns import schema_keywords

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="
RECEIVER = "https://receiver.example/telecine"

_EVENTS = f"Names of events, or `{ANY_EVENT}` for all: {', '.join(f'`{each}`' for each in EventType)}."

WebhookIdText = Annotated[str, Meta(description="The webhook's id.", examples=["7d0a4a53-94a4-4c0b-a3a4-6f5f0f0d8d11"])]
DescriptionText = Annotated[
    str | None,
    Meta(description="A note for yourself.", extra_json_schema=schema_keywords(max_length=MAX_DESCRIPTION_LENGTH)),
]


class WebhookRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The webhook to create."""

    url: Annotated[
        str,
        Meta(
            description="Where events are sent: an https URL on the public Internet. A fragment is dropped.",
            examples=[RECEIVER],
            extra_json_schema=schema_keywords(min_length=1, max_length=MAX_URL_LENGTH),
        ),
    ]
    events: Annotated[tuple[str, ...], Meta(description=_EVENTS, examples=[["video.completed", "video.failed"]])] = (
        ANY_EVENT,
    )
    description: DescriptionText = None
    enabled: Annotated[bool, Meta(description="Whether events are sent from now on.")] = True


class WebhookChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; a field that is missing or null keeps its value."""

    url: Annotated[str | None, Meta(description="The new URL.", examples=[RECEIVER])] = None
    events: Annotated[tuple[str, ...] | None, Meta(description=_EVENTS)] = None
    description: Annotated[str | None, Meta(description="The new note; an empty one removes it.")] = None
    enabled: Annotated[bool | None, Meta(description="Whether events are sent.")] = None


class WebhookResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook, without its secret."""

    id: WebhookIdText
    url: Annotated[str, Meta(description="Where events are sent.")]
    events: Annotated[tuple[str, ...], Meta(description="The names of the events that are sent; `*` means all.")]
    description: Annotated[str | None, Meta(description="The note of the owner; null if there is none.")]
    enabled: Annotated[bool, Meta(description="Whether events are sent.")]
    disabled_reason: Annotated[DisabledReason | None, Meta(description="Why nothing is sent; null if enabled.")]
    failing_since: Annotated[
        datetime | None, Meta(description="The first failed attempt since the last successful one.")
    ]
    previous_secret_until: Annotated[
        datetime | None, Meta(description="Until when requests also carry the signature of the replaced secret.")
    ]
    created_at: Annotated[datetime, Meta(description="When the webhook was created.")]
    updated_at: Annotated[datetime, Meta(description="When the webhook was last changed.")]

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> Self:
        """The response for an endpoint."""
        return cls(**_fields(endpoint))


class WebhookWithSecret(WebhookResponse, frozen=True, kw_only=True):
    """A webhook with its secret, which no other response contains."""

    secret: Annotated[str, Meta(description="Verifies the signatures, by Standard Webhooks.", examples=[SECRET])]

    @classmethod
    def with_secret(cls, created: CreatedWebhook | RotatedSecret) -> Self:
        """The response for a new or rotated secret."""
        return cls(**_fields(created.endpoint), secret=created.secret)


class WebhookPage(msgspec.Struct, frozen=True):
    """A page of webhooks, newest first."""

    items: Annotated[list[WebhookResponse], Meta(description="The webhooks on this page.")]
    next_cursor: Annotated[str | None, Meta(description="The cursor of the next page; null on the last page.")]

    @classmethod
    def of(cls, listing: Listing[WebhookEndpoint]) -> Self:
        """The response for a page."""
        return cls([WebhookResponse.of(each) for each in listing.entries], _cursor(listing))


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one webhook, with the result of its last attempt."""

    id: Annotated[str, Meta(description="The delivery's id.")]
    message_id: Annotated[str, Meta(description="The header `webhook-id` of every attempt.")]
    event_type: Annotated[str, Meta(description="The name of the event.")]
    video_id: Annotated[str | None, Meta(description="The id of the video; null if the event belongs to none.")]
    status: Annotated[
        DeliveryStatus, Meta(description="Whether the delivery is pending, succeeded, or has failed for good.")
    ]
    attempt: Annotated[int, Meta(description="How many attempts were made.")]
    next_attempt_at: Annotated[datetime | None, Meta(description="When the event is sent again; null if it is not.")]
    attempted_at: Annotated[
        datetime | None, Meta(description="When the last attempt began; null before the first one.")
    ]
    response_status: Annotated[
        int | None, Meta(description="The HTTP status of the last answer; null if there was none.")
    ]
    response_text: Annotated[str | None, Meta(description="The first KiB of the receiver's answer.")]
    latency_ms: Annotated[int | None, Meta(description="Milliseconds from the start of the attempt to its result.")]
    error: Annotated[DeliveryError | None, Meta(description="Why the last attempt failed.")]
    created_at: Annotated[datetime, Meta(description="When the delivery was created.")]

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """The view of a delivery."""
        return msgspec.convert(delivery, cls, from_attributes=True)


class DeliveryPage(msgspec.Struct, frozen=True):
    """A page of deliveries, newest first."""

    items: Annotated[list[DeliveryView], Meta(description="The deliveries on this page.")]
    next_cursor: Annotated[str | None, Meta(description="The cursor of the next page; null on the last page.")]

    @classmethod
    def of(cls, listing: Listing[Delivery]) -> Self:
        """The response for a page."""
        return cls([DeliveryView.of(each) for each in listing.entries], _cursor(listing))


class RedeliverRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which failed deliveries to send again."""

    since: Annotated[
        datetime, Meta(tz=True, description="Those that were created at this time or later; RFC 3339 with a time zone.")
    ]


class RedeliverResponse(msgspec.Struct, frozen=True):
    """The deliveries are pending again."""

    redelivered: Annotated[int, Meta(description="How many deliveries are sent again.")]


def _cursor(listing: Listing[WebhookEndpoint] | Listing[Delivery]) -> str | None:
    return None if listing.next_cursor is None else listing.next_cursor.encoded()


def _fields(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.events,
        "description": endpoint.description,
        "enabled": endpoint.is_enabled,
        "disabled_reason": endpoint.disabled_reason,
        "failing_since": endpoint.failing_since,
        "previous_secret_until": endpoint.secrets.previous_until,
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
    }
