from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.video_changes_metadata_type_0 import VideoChangesMetadataType0


T = TypeVar("T", bound="VideoChanges")


@_attrs_define
class VideoChanges:
    """What to change; a field that is missing keeps its value.

    Attributes:
        external_id (None | str | Unset): The id that the video has in another system. Several videos may have the same.
        metadata (None | Unset | VideoChangesMetadataType0): A JSON object of your own, which Telecine stores and
            returns and does not interpret: at most 16384 bytes as compact JSON in UTF-8, 32 levels, and integers of 64
            bits.
        title (None | str | Unset): The title; white space at its ends is removed. If it is missing, null or empty, the
            name of the file is the title.
    """

    external_id: None | str | Unset = UNSET
    metadata: None | Unset | VideoChangesMetadataType0 = UNSET
    title: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.video_changes_metadata_type_0 import VideoChangesMetadataType0  # noqa: PLC0415

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, VideoChangesMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if title is not UNSET:
            field_dict["title"] = title

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.video_changes_metadata_type_0 import VideoChangesMetadataType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        def _parse_metadata(data: object) -> None | Unset | VideoChangesMetadataType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = VideoChangesMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VideoChangesMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        video_changes = cls(
            external_id=external_id,
            metadata=metadata,
            title=title,
        )

        return video_changes
