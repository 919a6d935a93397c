from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="UserView")


@_attrs_define
class UserView:
    """What one user stores.

    Attributes:
        bytes_ (int): Their size, as it counts towards quotas.
        uploading (int): How many of them are being uploaded.
        user_id (str): The user.
        videos (int): The number of the user's videos.
    """

    bytes_: int
    uploading: int
    user_id: str
    videos: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bytes_ = self.bytes_

        uploading = self.uploading

        user_id = self.user_id

        videos = self.videos

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bytes": bytes_,
                "uploading": uploading,
                "user_id": user_id,
                "videos": videos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bytes_ = d.pop("bytes")

        uploading = d.pop("uploading")

        user_id = d.pop("user_id")

        videos = d.pop("videos")

        user_view = cls(
            bytes_=bytes_,
            uploading=uploading,
            user_id=user_id,
            videos=videos,
        )

        user_view.additional_properties = d
        return user_view

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
