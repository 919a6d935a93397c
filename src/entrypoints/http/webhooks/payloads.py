"""The `webhooks` of the OpenAPI document: the requests that receivers get, and the schemas of event data."""

import json
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domain.model.failure import Failure, FailureCode
from domain.model.ids import UserId, VideoId, WebhookId
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.model.webhooks.endpoint import DisabledReason
from domain.model.webhooks.payload import TEST_EVENT, body_of, body_of_test
from entrypoints.http.events.schemas import EndView, EventView, ProgressView, ResetView, SnapshotView
from entrypoints.http.openapi.extension import Document
from entrypoints.http.openapi.sample_values import _CREATED_AT, _ID
from entrypoints.http.videos.schemas import FailureView
from entrypoints.http.webhooks.schemas import RECEIVER

_REFERENCE = "#/components/schemas/{name}"
_WEBHOOK_ID = WebhookId("7d0a4a53-94a4-4c0b-a3a4-6f5f0f0d8d11")

DESCRIPTIONS = {
    EventType.UPLOAD_COMPLETED: "The uploaded object was verified, or the import is complete.",
    EventType.UPLOAD_FAILED: "The client reported a failed upload, or an upload through the API failed.",
    EventType.UPLOAD_CANCELLED: "The client cancelled the upload or the import.",
    EventType.UPLOAD_EXPIRED: "The client abandoned the upload, or no worker did the import in time.",
    EventType.IMPORT_FAILED: "Every attempt at the import failed.",
    EventType.VIDEO_PROCESSING: "A worker has started.",
    EventType.VIDEO_PLAYABLE: "The rendition or the original was published.",
    EventType.VIDEO_COMPLETED: "All work is done.",
    EventType.VIDEO_FAILED: "Processing or transcription failed for good; `failure` has the reason.",
    EventType.VIDEO_RETRIED: "A failed video starts again.",
    EventType.VIDEO_DELETED: "The video was deleted; this is its last event.",
    EventType.TRANSCRIPT_READY: "A generated transcript was stored.",
    EventType.CAPTIONS_REPLACED: "Captions were uploaded.",
    EventType.CAPTIONS_REMOVED: "The uploaded captions were deleted.",
    EventType.POSTER_READY: "The poster that its owner has chosen was stored.",
    EventType.POSTER_FAILED: "The poster that its owner has chosen could not be made; the earlier one stays.",
    EventType.WEBHOOK_DISABLED: "Another webhook was disabled because its deliveries failed.",
    TEST_EVENT: "A test that the owner of the webhook requested.",
}
_STATUSES = {
    EventType.UPLOAD_COMPLETED: VideoStatus.UPLOADED,
    EventType.VIDEO_PROCESSING: VideoStatus.PROCESSING,
    EventType.VIDEO_PLAYABLE: VideoStatus.PROCESSING,
    EventType.VIDEO_RETRIED: VideoStatus.UPLOADED,
    EventType.UPLOAD_FAILED: VideoStatus.FAILED,
    EventType.UPLOAD_CANCELLED: VideoStatus.FAILED,
    EventType.UPLOAD_EXPIRED: VideoStatus.FAILED,
    EventType.IMPORT_FAILED: VideoStatus.FAILED,
    EventType.VIDEO_FAILED: VideoStatus.FAILED,
}
_FAILURES = {
    EventType.UPLOAD_FAILED: Failure(StageName.UPLOAD, FailureCode.UPLOAD_FAILED, "The client reported a failure."),
    EventType.UPLOAD_CANCELLED: Failure(StageName.UPLOAD, FailureCode.UPLOAD_CANCELLED, "The upload was cancelled."),
    EventType.UPLOAD_EXPIRED: Failure(StageName.UPLOAD, FailureCode.UPLOAD_EXPIRED, "The upload was abandoned."),
    EventType.IMPORT_FAILED: Failure(StageName.UPLOAD, FailureCode.IMPORT_FAILED, "The import failed."),
    EventType.VIDEO_FAILED: Failure(StageName.PROBE, FailureCode.NOT_A_VIDEO, "The file is not a video."),
}
_WITH_LANGUAGE = frozenset({EventType.TRANSCRIPT_READY, EventType.CAPTIONS_REPLACED})
_HEADERS = {
    "webhook-id": "The same for every attempt of one event: use it to handle an event once.",
    "webhook-timestamp": "The time of the attempt, in seconds since 1970.",
    "webhook-signature": "`v1,` and the signature in base64, once for each valid secret, separated by spaces.",
}


class VideoEventData(msgspec.Struct, frozen=True):
    """The `data` of an event of a video; all but `seq` and `language` is the video's at that time."""

    video_id: Annotated[str, Meta(description="The id of the video.")]
    seq: Annotated[int, Meta(description="The number of the event among those of its video, from 1 without gaps.")]
    title: Annotated[str | None, Meta(description="The title; null in events of earlier versions.")]
    external_id: Annotated[str | None, Meta(description="The id that the video has in another system.")]
    status: Annotated[VideoStatus, Meta(description="The status of the video after the event.")]
    playable: Annotated[bool, Meta(description="Whether the video can be played.")]
    failure: Annotated[
        FailureView | None, Meta(description="Why the video failed; null unless its status is `failed`.")
    ]
    language: Annotated[
        str | UnsetType, Meta(description="The language of the transcript or the captions, if it is known.")
    ] = UNSET


class DisabledWebhookData(msgspec.Struct, frozen=True):
    """The `data` of `webhook.disabled`."""

    webhook_id: Annotated[str, Meta(description="The id of the webhook that was disabled.")]
    url: Annotated[str, Meta(description="The URL of that webhook.")]
    reason: Annotated[DisabledReason, Meta(description="Why it was disabled.")]


class TestEventData(msgspec.Struct, frozen=True):
    """The `data` of `webhook.test`."""

    webhook_id: Annotated[str, Meta(description="The id of the webhook that is tested.")]


def data_type(event_type: str) -> type[msgspec.Struct]:
    """The shape of the data of an event."""
    if event_type == TEST_EVENT:
        return TestEventData
    return DisabledWebhookData if event_type == EventType.WEBHOOK_DISABLED else VideoEventData


def describe_events(document: Document) -> Document:
    """The document with the requests to webhooks, and with the schemas of event data that no route names."""
    shapes = [VideoEventData, DisabledWebhookData, TestEventData]
    _, schemas = msgspec.json.schema_components(
        [*shapes, EventView, ProgressView, SnapshotView, ResetView, EndView], ref_template=_REFERENCE
    )
    components = document["components"]
    return document | {
        "components": components | {"schemas": schemas | components["schemas"]},
        "webhooks": {name: {"post": _operation(name)} for name in DESCRIPTIONS},
    }


def example_body(event_type: str) -> dict[str, Any]:
    """The body of an event, made as a delivery makes it."""
    if event_type == TEST_EVENT:
        body = body_of_test(_WEBHOOK_ID, now=_CREATED_AT)
    elif event_type == EventType.WEBHOOK_DISABLED:
        details = {"webhook_id": _WEBHOOK_ID, "url": RECEIVER, "reason": DisabledReason.GONE.value}
        body = body_of(Event(EventType.WEBHOOK_DISABLED, UserId("ada"), _CREATED_AT, details=details))
    else:
        body = body_of(_video_event(EventType(event_type)))
    example: dict[str, Any] = json.loads(body)
    return example


def _video_event(event_type: EventType) -> Event:
    status = _STATUSES.get(event_type, VideoStatus.COMPLETED)
    return Event(
        event_type,
        UserId("ada"),
        _CREATED_AT,
        VideoId(_ID),
        seq=4,
        status=status,
        playable=status is VideoStatus.COMPLETED or event_type is EventType.VIDEO_PLAYABLE,
        failure=_FAILURES.get(event_type),
        title="A day at the sea",
        external_id="order-1042",
        details={"language": "en"} if event_type in _WITH_LANGUAGE else {},
    )


def _operation(event_type: str) -> Document:
    properties = {
        "type": {"type": "string", "const": str(event_type), "description": "The name of the event."},
        "timestamp": {"type": "string", "format": "date-time", "description": "The time of the event."},
        "data": {
            "$ref": _REFERENCE.format(name=data_type(event_type).__name__),
            "description": "What has happened.",
        },
    }
    body = {
        "schema": {"type": "object", "required": [*properties], "properties": properties},
        "examples": {"event": {"summary": str(event_type), "value": example_body(event_type)}},
    }
    return {
        "tags": ["webhooks"],
        "operationId": f"on_{event_type.replace('.', '_')}",
        "summary": str(event_type),
        "description": f"{DESCRIPTIONS[event_type]} Sent to each webhook that selects this event, and signed by the "
        "Standard Webhooks specification.",
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"2XX": {"description": "Received. Any other status is a failure, and the event is sent again."}},
    }
