from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.disabled_reason import DisabledReason

T = TypeVar("T", bound="DisabledWebhookData")


@_attrs_define
class DisabledWebhookData:
    """The `data` of `webhook.disabled`.

    Attributes:
        reason (DisabledReason): Why nothing is sent to an endpoint.
        url (str): The URL of that webhook.
        webhook_id (str): The id of the webhook that was disabled.
    """

    reason: DisabledReason
    url: str
    webhook_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        url = self.url

        webhook_id = self.webhook_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "reason": reason,
                "url": url,
                "webhook_id": webhook_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = DisabledReason(d.pop("reason"))

        url = d.pop("url")

        webhook_id = d.pop("webhook_id")

        disabled_webhook_data = cls(
            reason=reason,
            url=url,
            webhook_id=webhook_id,
        )

        disabled_webhook_data.additional_properties = d
        return disabled_webhook_data

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
