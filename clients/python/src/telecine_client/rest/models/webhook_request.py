from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookRequest")


@_attrs_define
class WebhookRequest:
    """The webhook to create.

    Attributes:
        url (str): Where events are sent: an https URL on the public Internet. A fragment is dropped.
        description (None | str | Unset): A note for yourself.
        enabled (bool | Unset): Whether events are sent from now on. Default: True.
        events (list[str] | Unset): Names of events, or `*` for all: `upload.completed`, `upload.failed`,
            `upload.cancelled`, `upload.expired`, `import.failed`, `video.processing`, `video.playable`, `video.completed`,
            `video.failed`, `video.retried`, `video.deleted`, `transcript.ready`, `captions.replaced`, `captions.removed`,
            `poster.ready`, `poster.failed`, `webhook.disabled`.
    """

    url: str
    description: None | str | Unset = UNSET
    enabled: bool | Unset = True
    events: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        enabled = self.enabled

        events: list[str] | Unset = UNSET
        if not isinstance(self.events, Unset):
            events = self.events

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if events is not UNSET:
            field_dict["events"] = events

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        enabled = d.pop("enabled", UNSET)

        events = cast(list[str], d.pop("events", UNSET))

        webhook_request = cls(
            url=url,
            description=description,
            enabled=enabled,
            events=events,
        )

        return webhook_request
