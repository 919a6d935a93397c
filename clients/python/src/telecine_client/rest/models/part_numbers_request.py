from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="PartNumbersRequest")


@_attrs_define
class PartNumbersRequest:
    """
    Attributes:
        part_numbers (list[int]): 1 to 100 distinct part numbers of the upload.
    """

    part_numbers: list[int]

    def to_dict(self) -> dict[str, Any]:
        part_numbers = self.part_numbers

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "part_numbers": part_numbers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        part_numbers = cast(list[int], d.pop("part_numbers"))

        part_numbers_request = cls(
            part_numbers=part_numbers,
        )

        return part_numbers_request
