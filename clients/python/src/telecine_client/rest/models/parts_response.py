from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.part_view import PartView


T = TypeVar("T", bound="PartsResponse")


@_attrs_define
class PartsResponse:
    """How to upload these parts.

    Attributes:
        expires_in (int): Seconds until the URLs expire.
        parts (list[PartView]): The requested parts.
        video_id (str): The video's id.
    """

    expires_in: int
    parts: list[PartView]
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_in = self.expires_in

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_in": expires_in,
                "parts": parts,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_view import PartView  # noqa: PLC0415

        d = dict(src_dict)
        expires_in = d.pop("expires_in")

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = PartView.from_dict(parts_item_data)

            parts.append(parts_item)

        video_id = d.pop("video_id")

        parts_response = cls(
            expires_in=expires_in,
            parts=parts,
            video_id=video_id,
        )

        parts_response.additional_properties = d
        return parts_response

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
