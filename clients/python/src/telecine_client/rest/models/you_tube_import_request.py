from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.original_policy import OriginalPolicy
from ..types import UNSET, Unset

T = TypeVar("T", bound="YouTubeImportRequest")


@_attrs_define
class YouTubeImportRequest:
    """
    Attributes:
        url (str): Any URL of a single YouTube video, or its id.
        keep_days (int | None | Unset): Number of days after publication for which the original is kept; implies `keep`.
            Without it, the server's default applies, which may be unlimited.
        keywords (list[str] | Unset): Names and terms in the speech that a transcriber would not recognise by itself.
        language (None | str | Unset): The spoken language, as an ISO 639-1 code. Without it, the server's default
            applies; without a default, the transcriber detects the language.
        original (None | OriginalPolicy | Unset): What becomes of the original once its rendition is proven: `delete`
            erases it, `keep` keeps it for download. Without it, the server's default applies. An original that the
            rendition cannot replace is always kept.
    """

    url: str
    keep_days: int | None | Unset = UNSET
    keywords: list[str] | Unset = UNSET
    language: None | str | Unset = UNSET
    original: None | OriginalPolicy | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        url = self.url

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

        original: None | str | Unset
        if isinstance(self.original, Unset):
            original = UNSET
        elif isinstance(self.original, OriginalPolicy):
            original = self.original.value
        else:
            original = self.original

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
            }
        )
        if keep_days is not UNSET:
            field_dict["keep_days"] = keep_days
        if keywords is not UNSET:
            field_dict["keywords"] = keywords
        if language is not UNSET:
            field_dict["language"] = language
        if original is not UNSET:
            field_dict["original"] = original

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

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

        you_tube_import_request = cls(
            url=url,
            keep_days=keep_days,
            keywords=keywords,
            language=language,
            original=original,
        )

        return you_tube_import_request
