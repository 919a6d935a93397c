from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.original_policy import OriginalPolicy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.you_tube_import_request_metadata_type_0 import (
        YouTubeImportRequestMetadataType0,
    )


T = TypeVar("T", bound="YouTubeImportRequest")


@_attrs_define
class YouTubeImportRequest:
    """The video to import.

    Attributes:
        url (str): Any URL of a single YouTube video, or its id.
        external_id (None | str | Unset): The id that the video has in another system. Several videos may have the same.
        keep_days (int | None | Unset): Number of days after publication for which the original is kept; implies `keep`.
            Without it, the server's default applies, which may be unlimited.
        keywords (list[str] | Unset): Names and terms in the speech that a transcriber would not recognise by itself.
        language (None | str | Unset): The spoken language, as an ISO 639-1 code. Without it, the server's default
            applies; without a default, the transcriber detects the language.
        metadata (None | Unset | YouTubeImportRequestMetadataType0): A JSON object of your own, which Telecine stores
            and returns and does not interpret: at most 16384 bytes as compact JSON in UTF-8, 32 levels, and integers of 64
            bits.
        original (None | OriginalPolicy | Unset): What becomes of the original once its rendition is proven: `delete`
            erases it, `keep` keeps it for download. Without it, the server's default applies. An original that the
            rendition cannot replace is always kept.
        title (None | str | Unset): The title; white space at its ends is removed. If it is missing, null or empty, the
            name of the file is the title.
    """

    url: str
    external_id: None | str | Unset = UNSET
    keep_days: int | None | Unset = UNSET
    keywords: list[str] | Unset = UNSET
    language: None | str | Unset = UNSET
    metadata: None | Unset | YouTubeImportRequestMetadataType0 = UNSET
    original: None | OriginalPolicy | Unset = UNSET
    title: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.you_tube_import_request_metadata_type_0 import (
            YouTubeImportRequestMetadataType0,  # noqa: PLC0415
        )

        url = self.url

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        keep_days: int | None | Unset
        if isinstance(self.keep_days, Unset):
            keep_days = UNSET
        else:
            keep_days = self.keep_days

        keywords: list[str] | Unset = UNSET
        if not isinstance(self.keywords, Unset):
            keywords = self.keywords

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        else:
            language = self.language

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, YouTubeImportRequestMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        original: None | str | Unset
        if isinstance(self.original, Unset):
            original = UNSET
        elif isinstance(self.original, OriginalPolicy):
            original = self.original.value
        else:
            original = self.original

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
            }
        )
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if keep_days is not UNSET:
            field_dict["keep_days"] = keep_days
        if keywords is not UNSET:
            field_dict["keywords"] = keywords
        if language is not UNSET:
            field_dict["language"] = language
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if original is not UNSET:
            field_dict["original"] = original
        if title is not UNSET:
            field_dict["title"] = title

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.you_tube_import_request_metadata_type_0 import (
            YouTubeImportRequestMetadataType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        url = d.pop("url")

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        def _parse_keep_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        keep_days = _parse_keep_days(d.pop("keep_days", UNSET))

        keywords = cast(list[str], d.pop("keywords", UNSET))

        def _parse_language(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        def _parse_metadata(data: object) -> None | Unset | YouTubeImportRequestMetadataType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = YouTubeImportRequestMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | YouTubeImportRequestMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_original(data: object) -> None | OriginalPolicy | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                original_type_0 = OriginalPolicy(data)

                return original_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OriginalPolicy | Unset, data)

        original = _parse_original(d.pop("original", UNSET))

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        you_tube_import_request = cls(
            url=url,
            external_id=external_id,
            keep_days=keep_days,
            keywords=keywords,
            language=language,
            metadata=metadata,
            original=original,
            title=title,
        )

        return you_tube_import_request
