from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProxiedUploadResponse")


@_attrs_define
class ProxiedUploadResponse:
    """The upload is accepted.

    Attributes:
        r2_key (str): The object's key in the bucket.
        status_url (str): Path of the video's status on this server.
        video_id (str): The video's id.
        status (Literal['uploaded'] | Unset): Always `uploaded`. Default: 'uploaded'.
    """

    r2_key: str
    status_url: str
    video_id: str
    status: Literal["uploaded"] | Unset = "uploaded"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        r2_key = self.r2_key

        status_url = self.status_url

        video_id = self.video_id

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "r2_key": r2_key,
                "status_url": status_url,
                "video_id": video_id,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        r2_key = d.pop("r2_key")

        status_url = d.pop("status_url")

        video_id = d.pop("video_id")

        status = cast(Literal["uploaded"] | Unset, d.pop("status", UNSET))
        if status != "uploaded" and not isinstance(status, Unset):
            raise ValueError(f"status must match const 'uploaded', got '{status}'")

        proxied_upload_response = cls(
            r2_key=r2_key,
            status_url=status_url,
            video_id=video_id,
            status=status,
        )

        proxied_upload_response.additional_properties = d
        return proxied_upload_response

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
