from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.upload_action import UploadAction

T = TypeVar("T", bound="UploadTicketRequest")


@_attrs_define
class UploadTicketRequest:
    """The step that a client is about to take.

    Attributes:
        action (UploadAction): A step of a multipart upload in the dialect of S3, which a ticket can permit.
    """

    action: UploadAction

    def to_dict(self) -> dict[str, Any]:
        action = self.action.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "action": action,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        action = UploadAction(d.pop("action"))

        upload_ticket_request = cls(
            action=action,
        )

        return upload_ticket_request
