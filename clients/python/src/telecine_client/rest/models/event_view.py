from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_type import EventType
from ..models.video_status import VideoStatus

if TYPE_CHECKING:
    from ..models.event_view_details import EventViewDetails
    from ..models.failure_view import FailureView


T = TypeVar("T", bound="EventView")


@_attrs_define
class EventView:
    """The data of an event of the log.

    Attributes:
        details (EventViewDetails): Further values, such as the `language` of a transcript.
        external_id (None | str): The id that the video has in another system.
        failure (FailureView | None): Why the video failed; null unless its status is `failed`.
        occurred_at (datetime.datetime): The time of the event.
        playable (bool): Whether the video can be played.
        status (None | VideoStatus): The video's status after the event.
        title (None | str): The video's title; null in events of earlier versions.
        type_ (EventType): The public name of an event.
        video_id (None | str): null for an event that belongs to no video.
    """

    details: EventViewDetails
    external_id: None | str
    failure: FailureView | None
    occurred_at: datetime.datetime
    playable: bool
    status: None | VideoStatus
    title: None | str
    type_: EventType
    video_id: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_view import FailureView  # noqa: PLC0415

        details = self.details.to_dict()

        external_id: None | str
        external_id = self.external_id

        failure: dict[str, Any] | None
        if isinstance(self.failure, FailureView):
            failure = self.failure.to_dict()
        else:
            failure = self.failure

        occurred_at = self.occurred_at.isoformat()

        playable = self.playable

        status: None | str
        if isinstance(self.status, VideoStatus):
            status = self.status.value
        else:
            status = self.status

        title: None | str
        title = self.title

        type_ = self.type_.value

        video_id: None | str
        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "details": details,
                "external_id": external_id,
                "failure": failure,
                "occurred_at": occurred_at,
                "playable": playable,
                "status": status,
                "title": title,
                "type": type_,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_view_details import EventViewDetails  # noqa: PLC0415
        from ..models.failure_view import FailureView  # noqa: PLC0415

        d = dict(src_dict)
        details = EventViewDetails.from_dict(d.pop("details"))

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

        def _parse_failure(data: object) -> FailureView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                failure_type_0 = FailureView.from_dict(data)

                return failure_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FailureView | None, data)

        failure = _parse_failure(d.pop("failure"))

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        playable = d.pop("playable")

        def _parse_status(data: object) -> None | VideoStatus:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = VideoStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VideoStatus, data)

        status = _parse_status(d.pop("status"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        type_ = EventType(d.pop("type"))

        def _parse_video_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        video_id = _parse_video_id(d.pop("video_id"))

        event_view = cls(
            details=details,
            external_id=external_id,
            failure=failure,
            occurred_at=occurred_at,
            playable=playable,
            status=status,
            title=title,
            type_=type_,
            video_id=video_id,
        )

        event_view.additional_properties = d
        return event_view

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
