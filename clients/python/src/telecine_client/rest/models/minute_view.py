from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MinuteView")


@_attrs_define
class MinuteView:
    """What happened in one minute.

    Attributes:
        at (datetime.datetime): The begin of the minute.
        completed (int): Videos that were completed.
        failed (int): Videos and imports that failed.
        uploaded (int): Uploads and imports that were completed.
    """

    at: datetime.datetime
    completed: int
    failed: int
    uploaded: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        completed = self.completed

        failed = self.failed

        uploaded = self.uploaded

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "completed": completed,
                "failed": failed,
                "uploaded": uploaded,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        completed = d.pop("completed")

        failed = d.pop("failed")

        uploaded = d.pop("uploaded")

        minute_view = cls(
            at=at,
            completed=completed,
            failed=failed,
            uploaded=uploaded,
        )

        minute_view.additional_properties = d
        return minute_view

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
