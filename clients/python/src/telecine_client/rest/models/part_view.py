from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.part_view_headers import PartViewHeaders


T = TypeVar("T", bound="PartView")


@_attrs_define
class PartView:
    """How to upload one part.

    Attributes:
        headers (PartViewHeaders): Headers that the PUT must carry.
        part_number (int): The number of the part, from 1.
        size (int): Size of the part in bytes; all parts except the last have the same size.
        url (str): Accepts a PUT of exactly this part.
    """

    headers: PartViewHeaders
    part_number: int
    size: int
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        headers = self.headers.to_dict()

        part_number = self.part_number

        size = self.size

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "headers": headers,
                "part_number": part_number,
                "size": size,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_view_headers import PartViewHeaders  # noqa: PLC0415

        d = dict(src_dict)
        headers = PartViewHeaders.from_dict(d.pop("headers"))

        part_number = d.pop("part_number")

        size = d.pop("size")

        url = d.pop("url")

        part_view = cls(
            headers=headers,
            part_number=part_number,
            size=size,
            url=url,
        )

        part_view.additional_properties = d
        return part_view

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
