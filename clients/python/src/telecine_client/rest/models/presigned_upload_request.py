from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.original_policy import OriginalPolicy
from ..models.upload_strategy import UploadStrategy
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.presigned_upload_request_metadata_type_0 import (
        PresignedUploadRequestMetadataType0,
    )


T = TypeVar("T", bound="PresignedUploadRequest")


@_attrs_define
class PresignedUploadRequest:
    """The file that a client is going to upload.

    Attributes:
        filename (str): The name of the file, without a path. Without an extension, it needs a known `content_type`.
        content_type (None | str | Unset): The media type of the file. If empty, null, missing or unspecific, it is
            derived from the extension. It is only advice: the bytes of the file decide. Send the PUT with the type in
            `headers`.
        external_id (None | str | Unset): The id that the video has in another system. Several videos may have the same.
        file_size (int | None | Unset): The exact size of the file in bytes. It may be null or missing only with the
            strategy `multipart`, for a file that is still being recorded: its size is then that of its parts.
        keep_days (int | None | Unset): Number of days after publication for which the original is kept; implies `keep`.
            Without it, the server's default applies, which may be unlimited.
        keywords (list[str] | Unset): Names and terms in the speech that a transcriber would not recognise by itself.
        language (None | str | Unset): The spoken language, as an ISO 639-1 code. Without it, the server's default
            applies; without a default, the transcriber detects the language.
        metadata (None | PresignedUploadRequestMetadataType0 | Unset): A JSON object of your own, which Telecine stores
            and returns and does not interpret: at most 16384 bytes as compact JSON in UTF-8, 32 levels, and integers of 64
            bits.
        original (None | OriginalPolicy | Unset): What becomes of the original once its rendition is proven: `delete`
            erases it, `keep` keeps it for download. Without it, the server's default applies. An original that the
            rendition cannot replace is always kept.
        part_size (int | None | Unset): The size in bytes of every part except the last, for `multipart`; by default the
            server chooses it.
        strategy (UploadStrategy | Unset): How the file is uploaded: in one PUT, in parts, or (`auto`) in parts only if
            the file is large.
        title (None | str | Unset): The title; white space at its ends is removed. If it is missing, null or empty, the
            name of the file is the title.
    """

    filename: str
    content_type: None | str | Unset = UNSET
    external_id: None | str | Unset = UNSET
    file_size: int | None | Unset = UNSET
    keep_days: int | None | Unset = UNSET
    keywords: list[str] | Unset = UNSET
    language: None | str | Unset = UNSET
    metadata: None | PresignedUploadRequestMetadataType0 | Unset = UNSET
    original: None | OriginalPolicy | Unset = UNSET
    part_size: int | None | Unset = UNSET
    strategy: UploadStrategy | Unset = UNSET
    title: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.presigned_upload_request_metadata_type_0 import (
            PresignedUploadRequestMetadataType0,  # noqa: PLC0415
        )

        filename = self.filename

        content_type: None | str | Unset
        if isinstance(self.content_type, Unset):
            content_type = UNSET
        else:
            content_type = self.content_type

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        file_size: int | None | Unset
        if isinstance(self.file_size, Unset):
            file_size = UNSET
        else:
            file_size = self.file_size

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
        elif isinstance(self.metadata, PresignedUploadRequestMetadataType0):
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

        part_size: int | None | Unset
        if isinstance(self.part_size, Unset):
            part_size = UNSET
        else:
            part_size = self.part_size

        strategy: str | Unset = UNSET
        if not isinstance(self.strategy, Unset):
            strategy = self.strategy.value

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "filename": filename,
            }
        )
        if content_type is not UNSET:
            field_dict["content_type"] = content_type
        if external_id is not UNSET:
            field_dict["external_id"] = external_id
        if file_size is not UNSET:
            field_dict["file_size"] = file_size
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
        if part_size is not UNSET:
            field_dict["part_size"] = part_size
        if strategy is not UNSET:
            field_dict["strategy"] = strategy
        if title is not UNSET:
            field_dict["title"] = title

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.presigned_upload_request_metadata_type_0 import (
            PresignedUploadRequestMetadataType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        filename = d.pop("filename")

        def _parse_content_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        content_type = _parse_content_type(d.pop("content_type", UNSET))

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        def _parse_file_size(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        file_size = _parse_file_size(d.pop("file_size", UNSET))

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

        def _parse_metadata(data: object) -> None | PresignedUploadRequestMetadataType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = PresignedUploadRequestMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PresignedUploadRequestMetadataType0 | Unset, data)

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

        def _parse_part_size(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        part_size = _parse_part_size(d.pop("part_size", UNSET))

        _strategy = d.pop("strategy", UNSET)
        strategy: UploadStrategy | Unset
        if isinstance(_strategy, Unset):
            strategy = UNSET
        else:
            strategy = UploadStrategy(_strategy)

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        presigned_upload_request = cls(
            filename=filename,
            content_type=content_type,
            external_id=external_id,
            file_size=file_size,
            keep_days=keep_days,
            keywords=keywords,
            language=language,
            metadata=metadata,
            original=original,
            part_size=part_size,
            strategy=strategy,
            title=title,
        )

        return presigned_upload_request
