from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_error import DeliveryError
from ..models.delivery_status import DeliveryStatus

T = TypeVar("T", bound="DeliveryView")


@_attrs_define
class DeliveryView:
    """One event for one webhook, with the result of its last attempt.

    Attributes:
        attempt (int): How many attempts were made.
        attempted_at (datetime.datetime | None): When the last attempt began; null before the first one.
        created_at (datetime.datetime): When the delivery was created.
        error (DeliveryError | None): Why the last attempt failed.
        event_type (str): The name of the event.
        id (str): The delivery's id.
        latency_ms (int | None): Milliseconds from the start of the attempt to its result.
        message_id (str): The header `webhook-id` of every attempt.
        next_attempt_at (datetime.datetime | None): When the event is sent again; null if it is not.
        response_status (int | None): The HTTP status of the last answer; null if there was none.
        response_text (None | str): The first KiB of the receiver's answer.
        status (DeliveryStatus): Whether the event has arrived.
        video_id (None | str): The id of the video; null if the event belongs to none.
    """

    attempt: int
    attempted_at: datetime.datetime | None
    created_at: datetime.datetime
    error: DeliveryError | None
    event_type: str
    id: str
    latency_ms: int | None
    message_id: str
    next_attempt_at: datetime.datetime | None
    response_status: int | None
    response_text: None | str
    status: DeliveryStatus
    video_id: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        attempted_at: None | str
        if isinstance(self.attempted_at, datetime.datetime):
            attempted_at = self.attempted_at.isoformat()
        else:
            attempted_at = self.attempted_at

        created_at = self.created_at.isoformat()

        error: None | str
        if isinstance(self.error, DeliveryError):
            error = self.error.value
        else:
            error = self.error

        event_type = self.event_type

        id = self.id

        latency_ms: int | None
        latency_ms = self.latency_ms

        message_id = self.message_id

        next_attempt_at: None | str
        if isinstance(self.next_attempt_at, datetime.datetime):
            next_attempt_at = self.next_attempt_at.isoformat()
        else:
            next_attempt_at = self.next_attempt_at

        response_status: int | None
        response_status = self.response_status

        response_text: None | str
        response_text = self.response_text

        status = self.status.value

        video_id: None | str
        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "attempted_at": attempted_at,
                "created_at": created_at,
                "error": error,
                "event_type": event_type,
                "id": id,
                "latency_ms": latency_ms,
                "message_id": message_id,
                "next_attempt_at": next_attempt_at,
                "response_status": response_status,
                "response_text": response_text,
                "status": status,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt = d.pop("attempt")

        def _parse_attempted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attempted_at_type_0 = datetime.datetime.fromisoformat(data)

                return attempted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        attempted_at = _parse_attempted_at(d.pop("attempted_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_error(data: object) -> DeliveryError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                error_type_0 = DeliveryError(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeliveryError | None, data)

        error = _parse_error(d.pop("error"))

        event_type = d.pop("event_type")

        id = d.pop("id")

        def _parse_latency_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        latency_ms = _parse_latency_ms(d.pop("latency_ms"))

        message_id = d.pop("message_id")

        def _parse_next_attempt_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_attempt_at_type_0 = datetime.datetime.fromisoformat(data)

                return next_attempt_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_attempt_at = _parse_next_attempt_at(d.pop("next_attempt_at"))

        def _parse_response_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        response_status = _parse_response_status(d.pop("response_status"))

        def _parse_response_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        response_text = _parse_response_text(d.pop("response_text"))

        status = DeliveryStatus(d.pop("status"))

        def _parse_video_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        video_id = _parse_video_id(d.pop("video_id"))

        delivery_view = cls(
            attempt=attempt,
            attempted_at=attempted_at,
            created_at=created_at,
            error=error,
            event_type=event_type,
            id=id,
            latency_ms=latency_ms,
            message_id=message_id,
            next_attempt_at=next_attempt_at,
            response_status=response_status,
            response_text=response_text,
            status=status,
            video_id=video_id,
        )

        delivery_view.additional_properties = d
        return delivery_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
