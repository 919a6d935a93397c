from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="UploadCompleteRequest")


@_attrs_define
class UploadCompleteRequest:
    """The result of the upload, as the client saw it.

    Attributes:
        success (bool): Whether the upload succeeded. With false, the upload is abandoned.
    """

    success: bool

    def to_dict(self) -> dict[str, Any]:
        success = self.success

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "success": success,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        success = d.pop("success")

        upload_complete_request = cls(
            success=success,
        )

        return upload_complete_request
