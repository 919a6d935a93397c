from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="VideoCountsView")


@_attrs_define
class VideoCountsView:
    """The number of videos of all users in each status.

    Attributes:
        completed (int): Videos in the status `completed`.
        failed (int): Videos in the status `failed`.
        processing (int): Videos in the status `processing`.
        uploaded (int): Videos in the status `uploaded`.
        uploading (int): Videos in the status `uploading`.
    """

    completed: int
    failed: int
    processing: int
    uploaded: int
    uploading: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        completed = self.completed

        failed = self.failed

        processing = self.processing

        uploaded = self.uploaded

        uploading = self.uploading

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "completed": completed,
                "failed": failed,
                "processing": processing,
                "uploaded": uploaded,
                "uploading": uploading,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        completed = d.pop("completed")

        failed = d.pop("failed")

        processing = d.pop("processing")

        uploaded = d.pop("uploaded")

        uploading = d.pop("uploading")

        video_counts_view = cls(
            completed=completed,
            failed=failed,
            processing=processing,
            uploaded=uploaded,
            uploading=uploading,
        )

        video_counts_view.additional_properties = d
        return video_counts_view

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
