from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PartNumbersRequest")


@_attrs_define
class PartNumbersRequest:
    """The parts that a client is about to upload.

    Attributes:
        part_numbers (list[int]): 1 to 100 distinct part numbers of the upload.
        last_part_size (int | None | Unset): Only for an upload without a declared size: the size in bytes of its last
            part, which is the highest of these numbers.
    """

    part_numbers: list[int]
    last_part_size: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        part_numbers = self.part_numbers

        last_part_size: int | None | Unset
        if isinstance(self.last_part_size, Unset):
            last_part_size = UNSET
        else:
            last_part_size = self.last_part_size

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "part_numbers": part_numbers,
            }
        )
        if last_part_size is not UNSET:
            field_dict["last_part_size"] = last_part_size

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        part_numbers = cast(list[int], d.pop("part_numbers"))

        def _parse_last_part_size(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        last_part_size = _parse_last_part_size(d.pop("last_part_size", UNSET))

        part_numbers_request = cls(
            part_numbers=part_numbers,
            last_part_size=last_part_size,
        )

        return part_numbers_request
