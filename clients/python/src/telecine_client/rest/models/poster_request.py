from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="PosterRequest")


@_attrs_define
class PosterRequest:
    """The frame that becomes the poster.

    Attributes:
        time_s (float): The time of the frame, in seconds.
    """

    time_s: float

    def to_dict(self) -> dict[str, Any]:
        time_s = self.time_s

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "time_s": time_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        time_s = d.pop("time_s")

        poster_request = cls(
            time_s=time_s,
        )

        return poster_request
