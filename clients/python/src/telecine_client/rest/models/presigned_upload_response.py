from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.presigned_upload_response_strategy import PresignedUploadResponseStrategy

if TYPE_CHECKING:
    from ..models.part_view import PartView
    from ..models.presigned_upload_response_headers import PresignedUploadResponseHeaders


T = TypeVar("T", bound="PresignedUploadResponse")


@_attrs_define
class PresignedUploadResponse:
    """How to upload the file.

    Attributes:
        expires_in (int): Seconds until the URLs expire.
        headers (PresignedUploadResponseHeaders): Headers that the PUT must carry.
        part_count (int | None): Number of parts, numbered from 1; null for one PUT or an unknown size.
        part_size (int | None): Size in bytes of every part except the last.
        parts (list[PartView]): The first parts; request the URLs of further parts as needed.
        r2_key (str): The object's key in the bucket.
        status_url (str): Path of the video's status on this server.
        strategy (PresignedUploadResponseStrategy): How the file is sent: in one PUT, or in parts.
        upload_id (None | str): The bucket's id of the multipart upload, for diagnosis only.
        upload_url (None | str): Accepts a PUT of exactly this file; null for multipart.
        video_id (str): The video's id.
    """

    expires_in: int
    headers: PresignedUploadResponseHeaders
    part_count: int | None
    part_size: int | None
    parts: list[PartView]
    r2_key: str
    status_url: str
    strategy: PresignedUploadResponseStrategy
    upload_id: None | str
    upload_url: None | str
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_in = self.expires_in

        headers = self.headers.to_dict()

        part_count: int | None
        part_count = self.part_count

        part_size: int | None
        part_size = self.part_size

        parts = []
        for parts_item_data in self.parts:
            parts_item = parts_item_data.to_dict()
            parts.append(parts_item)

        r2_key = self.r2_key

        status_url = self.status_url

        strategy = self.strategy.value

        upload_id: None | str
        upload_id = self.upload_id

        upload_url: None | str
        upload_url = self.upload_url

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_in": expires_in,
                "headers": headers,
                "part_count": part_count,
                "part_size": part_size,
                "parts": parts,
                "r2_key": r2_key,
                "status_url": status_url,
                "strategy": strategy,
                "upload_id": upload_id,
                "upload_url": upload_url,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_view import PartView  # noqa: PLC0415
        from ..models.presigned_upload_response_headers import (
            PresignedUploadResponseHeaders,  # noqa: PLC0415
        )

        d = dict(src_dict)
        expires_in = d.pop("expires_in")

        headers = PresignedUploadResponseHeaders.from_dict(d.pop("headers"))

        def _parse_part_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        part_count = _parse_part_count(d.pop("part_count"))

        def _parse_part_size(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        part_size = _parse_part_size(d.pop("part_size"))

        parts = []
        _parts = d.pop("parts")
        for parts_item_data in _parts:
            parts_item = PartView.from_dict(parts_item_data)

            parts.append(parts_item)

        r2_key = d.pop("r2_key")

        status_url = d.pop("status_url")

        strategy = PresignedUploadResponseStrategy(d.pop("strategy"))

        def _parse_upload_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        upload_id = _parse_upload_id(d.pop("upload_id"))

        def _parse_upload_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        upload_url = _parse_upload_url(d.pop("upload_url"))

        video_id = d.pop("video_id")

        presigned_upload_response = cls(
            expires_in=expires_in,
            headers=headers,
            part_count=part_count,
            part_size=part_size,
            parts=parts,
            r2_key=r2_key,
            status_url=status_url,
            strategy=strategy,
            upload_id=upload_id,
            upload_url=upload_url,
            video_id=video_id,
        )

        presigned_upload_response.additional_properties = d
        return presigned_upload_response

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
