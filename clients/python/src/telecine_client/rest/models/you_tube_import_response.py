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

T = TypeVar("T", bound="YouTubeImportResponse")


@_attrs_define
class YouTubeImportResponse:
    """The import is accepted. `status` is always `uploading`, even if the video has moved on since.

    Attributes:
        status_url (str): Path of the video's status on this server.
        video_id (str): The video's id.
        youtube_id (str): The YouTube id found in the URL.
        status (Literal['uploading'] | Unset): Always `uploading`. Default: 'uploading'.
    """

    status_url: str
    video_id: str
    youtube_id: str
    status: Literal["uploading"] | Unset = "uploading"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status_url = self.status_url

        video_id = self.video_id

        youtube_id = self.youtube_id

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status_url": status_url,
                "video_id": video_id,
                "youtube_id": youtube_id,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        status_url = d.pop("status_url")

        video_id = d.pop("video_id")

        youtube_id = d.pop("youtube_id")

        status = cast(Literal["uploading"] | Unset, d.pop("status", UNSET))
        if status != "uploading" and not isinstance(status, Unset):
            raise ValueError(f"status must match const 'uploading', got '{status}'")

        you_tube_import_response = cls(
            status_url=status_url,
            video_id=video_id,
            youtube_id=youtube_id,
            status=status,
        )

        you_tube_import_response.additional_properties = d
        return you_tube_import_response

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
