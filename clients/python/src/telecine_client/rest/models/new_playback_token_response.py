from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="NewPlaybackTokenResponse")


@_attrs_define
class NewPlaybackTokenResponse:
    """A new playback token.

    Attributes:
        created_at (datetime.datetime): When the token was issued.
        expires_at (datetime.datetime): When the token expires.
        token (str): The text that the viewer sends as `Authorization: Bearer`; it is returned only once.
        token_id (str): The id with which the token can be revoked.
        video_id (str): The video's id.
    """

    created_at: datetime.datetime
    expires_at: datetime.datetime
    token: str
    token_id: str
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        created_at = self.created_at.isoformat()

        expires_at = self.expires_at.isoformat()

        token = self.token

        token_id = self.token_id

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "expires_at": expires_at,
                "token": token,
                "token_id": token_id,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        token = d.pop("token")

        token_id = d.pop("token_id")

        video_id = d.pop("video_id")

        new_playback_token_response = cls(
            created_at=created_at,
            expires_at=expires_at,
            token=token,
            token_id=token_id,
            video_id=video_id,
        )

        new_playback_token_response.additional_properties = d
        return new_playback_token_response

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
