from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.transcript_origin import TranscriptOrigin

T = TypeVar("T", bound="CaptionsView")


@_attrs_define
class CaptionsView:
    """One track of captions.

    Attributes:
        language (None | str): ISO 639-1 code for `srclang`; null if unknown.
        origin (TranscriptOrigin): Where a transcript comes from: a transcriber, or captions that the owner uploaded.
        url (str): Signed URL of WebVTT, for the `src` of a `<track kind=captions>`.
    """

    language: None | str
    origin: TranscriptOrigin
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        language: None | str
        language = self.language

        origin = self.origin.value

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "language": language,
                "origin": origin,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_language(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        language = _parse_language(d.pop("language"))

        origin = TranscriptOrigin(d.pop("origin"))

        url = d.pop("url")

        captions_view = cls(
            language=language,
            origin=origin,
            url=url,
        )

        captions_view.additional_properties = d
        return captions_view

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
