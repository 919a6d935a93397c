from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="OptionsResponse")


@_attrs_define
class OptionsResponse:
    """What this installation accepts and offers.

    Attributes:
        content_types (list[str]): The media types that are accepted.
        direct_share (float): The share of the users whose browsers upload directly to the bucket.
        extensions (list[str]): The extensions that are accepted, in lower case with a dot.
        imports (bool): Whether videos can be imported from YouTube.
        max_duration_s (float): The longest video that is accepted, in seconds.
        max_file_size_bytes (int): The largest file that is accepted.
        multipart_from_bytes (int): The size from which the strategy `auto` uploads a file in parts.
        part_size_bytes (int): The usual size of a part; larger files have larger parts.
        proxied_upload (bool): Whether `POST /api/videos/upload` is served.
        transcription (bool): Whether a transcriber is configured.
        version (str): The server's version.
        page_user (None | str | Unset): Always null; the web page on the server's own machine asks for its user.
    """

    content_types: list[str]
    direct_share: float
    extensions: list[str]
    imports: bool
    max_duration_s: float
    max_file_size_bytes: int
    multipart_from_bytes: int
    part_size_bytes: int
    proxied_upload: bool
    transcription: bool
    version: str
    page_user: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content_types = self.content_types

        direct_share = self.direct_share

        extensions = self.extensions

        imports = self.imports

        max_duration_s = self.max_duration_s

        max_file_size_bytes = self.max_file_size_bytes

        multipart_from_bytes = self.multipart_from_bytes

        part_size_bytes = self.part_size_bytes

        proxied_upload = self.proxied_upload

        transcription = self.transcription

        version = self.version

        page_user: None | str | Unset
        if isinstance(self.page_user, Unset):
            page_user = UNSET
        else:
            page_user = self.page_user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content_types": content_types,
                "direct_share": direct_share,
                "extensions": extensions,
                "imports": imports,
                "max_duration_s": max_duration_s,
                "max_file_size_bytes": max_file_size_bytes,
                "multipart_from_bytes": multipart_from_bytes,
                "part_size_bytes": part_size_bytes,
                "proxied_upload": proxied_upload,
                "transcription": transcription,
                "version": version,
            }
        )
        if page_user is not UNSET:
            field_dict["page_user"] = page_user

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        content_types = cast(list[str], d.pop("content_types"))

        direct_share = d.pop("direct_share")

        extensions = cast(list[str], d.pop("extensions"))

        imports = d.pop("imports")

        max_duration_s = d.pop("max_duration_s")

        max_file_size_bytes = d.pop("max_file_size_bytes")

        multipart_from_bytes = d.pop("multipart_from_bytes")

        part_size_bytes = d.pop("part_size_bytes")

        proxied_upload = d.pop("proxied_upload")

        transcription = d.pop("transcription")

        version = d.pop("version")

        def _parse_page_user(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        page_user = _parse_page_user(d.pop("page_user", UNSET))

        options_response = cls(
            content_types=content_types,
            direct_share=direct_share,
            extensions=extensions,
            imports=imports,
            max_duration_s=max_duration_s,
            max_file_size_bytes=max_file_size_bytes,
            multipart_from_bytes=multipart_from_bytes,
            part_size_bytes=part_size_bytes,
            proxied_upload=proxied_upload,
            transcription=transcription,
            version=version,
            page_user=page_user,
        )

        options_response.additional_properties = d
        return options_response

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
