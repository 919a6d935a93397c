from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from .. import types
from ..models.upload_video_body_original import UploadVideoBodyOriginal
from ..types import UNSET, File, Unset

T = TypeVar("T", bound="UploadVideoBody")


@_attrs_define
class UploadVideoBody:
    """
    Attributes:
        file (File): The file, with its name.
        external_id (str | Unset): The id that the video has in another system; send it before the file.
        keep_days (int | Unset): Days for which the original is kept; send it before the file.
        metadata (str | Unset): A JSON object as text; send it before the file.
        original (UploadVideoBodyOriginal | Unset): What becomes of the original; send it before the file.
        title (str | Unset): The title; send it before the file.
    """

    file: File
    external_id: str | Unset = UNSET
    keep_days: int | Unset = UNSET
    metadata: str | Unset = UNSET
    original: UploadVideoBodyOriginal | Unset = UNSET
    title: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file = self.file.to_tuple()

        external_id = self.external_id

        keep_days = self.keep_days

        metadata = self.metadata

        original: str | Unset = UNSET
        if not isinstance(self.original, Unset):
            original = self.original.value

        title = self.title

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "file": file,
            }
        )
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if keep_days is not UNSET:
            field_dict["keep_days"] = keep_days
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if original is not UNSET:
            field_dict["original"] = original
        if title is not UNSET:
            field_dict["title"] = title

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("file", self.file.to_tuple()))

        if not isinstance(self.external_id, Unset):
            files.append(("external_id", (None, str(self.external_id).encode(), "text/plain")))

        if not isinstance(self.keep_days, Unset):
            files.append(("keep_days", (None, str(self.keep_days).encode(), "text/plain")))

        if not isinstance(self.metadata, Unset):
            files.append(("metadata", (None, str(self.metadata).encode(), "text/plain")))

        if not isinstance(self.original, Unset):
            files.append(("original", (None, str(self.original.value).encode(), "text/plain")))

        if not isinstance(self.title, Unset):
            files.append(("title", (None, str(self.title).encode(), "text/plain")))

        for prop_name, prop in self.additional_properties.items():
            files.append((prop_name, (None, str(prop).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file = File(payload=BytesIO(d.pop("file")))

        external_id = d.pop("external_id", UNSET)

        keep_days = d.pop("keep_days", UNSET)

        metadata = d.pop("metadata", UNSET)

        _original = d.pop("original", UNSET)
        original: UploadVideoBodyOriginal | Unset
        if isinstance(_original, Unset):
            original = UNSET
        else:
            original = UploadVideoBodyOriginal(_original)

        title = d.pop("title", UNSET)

        upload_video_body = cls(
            file=file,
            external_id=external_id,
            keep_days=keep_days,
            metadata=metadata,
            original=original,
            title=title,
        )

        upload_video_body.additional_properties = d
        return upload_video_body

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
