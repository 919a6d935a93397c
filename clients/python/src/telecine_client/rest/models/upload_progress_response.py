from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.upload_progress_response_strategy import UploadProgressResponseStrategy
from ..models.video_status import VideoStatus

T = TypeVar("T", bound="UploadProgressResponse")


@_attrs_define
class UploadProgressResponse:
    """The progress of an upload, as the bucket reports it.

    Attributes:
        expires_at (datetime.datetime): When the most recently signed URL expires.
        file_size (int | None): The declared size of the file in bytes; null while the size is unknown.
        missing_parts (list[int]): The numbers of the parts still to be uploaded.
        part_count (int | None): Number of parts; null for a single PUT.
        part_size (int | None): Size in bytes of every part except the last; null for a single PUT.
        received_bytes (int): Number of bytes in the bucket.
        received_parts (list[int]): The numbers of the parts in the bucket.
        status (VideoStatus): The status that clients see; stages, failure and warnings give the details.
        strategy (UploadProgressResponseStrategy): How the file is sent: in one PUT, or in parts.
        video_id (str): The video's id.
    """

    expires_at: datetime.datetime
    file_size: int | None
    missing_parts: list[int]
    part_count: int | None
    part_size: int | None
    received_bytes: int
    received_parts: list[int]
    status: VideoStatus
    strategy: UploadProgressResponseStrategy
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_at = self.expires_at.isoformat()

        file_size: int | None
        file_size = self.file_size

        missing_parts = self.missing_parts

        part_count: int | None
        part_count = self.part_count

        part_size: int | None
        part_size = self.part_size

        received_bytes = self.received_bytes

        received_parts = self.received_parts

        status = self.status.value

        strategy = self.strategy.value

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_at": expires_at,
                "file_size": file_size,
                "missing_parts": missing_parts,
                "part_count": part_count,
                "part_size": part_size,
                "received_bytes": received_bytes,
                "received_parts": received_parts,
                "status": status,
                "strategy": strategy,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        def _parse_file_size(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        file_size = _parse_file_size(d.pop("file_size"))

        missing_parts = cast(list[int], d.pop("missing_parts"))

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

        received_bytes = d.pop("received_bytes")

        received_parts = cast(list[int], d.pop("received_parts"))

        status = VideoStatus(d.pop("status"))

        strategy = UploadProgressResponseStrategy(d.pop("strategy"))

        video_id = d.pop("video_id")

        upload_progress_response = cls(
            expires_at=expires_at,
            file_size=file_size,
            missing_parts=missing_parts,
            part_count=part_count,
            part_size=part_size,
            received_bytes=received_bytes,
            received_parts=received_parts,
            status=status,
            strategy=strategy,
            video_id=video_id,
        )

        upload_progress_response.additional_properties = d
        return upload_progress_response

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
