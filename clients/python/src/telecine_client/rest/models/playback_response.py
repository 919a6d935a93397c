from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.publication_kind import PublicationKind

if TYPE_CHECKING:
    from ..models.captions_view import CaptionsView


T = TypeVar("T", bound="PlaybackResponse")


@_attrs_define
class PlaybackResponse:
    """Signed URLs to play a video, which need no token.

    Attributes:
        captions (list[CaptionsView]): The tracks of captions; empty without speech, and until the video is transcribed.
        content_type (str): `video/mp4` or, for sound alone, `audio/mp4`; the original's own if it is played.
        expires_at (datetime.datetime): When the URLs expire.
        expires_in_s (int): Seconds from this response for which every URL is valid at least.
        is_original (bool): Whether the unchanged original is played.
        kind (PublicationKind): How the published file was made: encoded, remuxed into a new container, or the unchanged
            original.
        poster_url (None | str): Signed URL of a JPEG; for sound alone, of its waveform.
        size_bytes (int): The size of the video in bytes.
        storyboard_image_url (None | str): Signed URL of the JPEG whose rectangles the storyboard names.
        storyboard_url (None | str): Signed URL of the storyboard: WebVTT with thumbnails for seeking; null if there is
            none, as for sound alone.
        title (str): The title that the owner chose, or else the name of the file.
        url (str): Signed URL of the video; supports range requests.
    """

    captions: list[CaptionsView]
    content_type: str
    expires_at: datetime.datetime
    expires_in_s: int
    is_original: bool
    kind: PublicationKind
    poster_url: None | str
    size_bytes: int
    storyboard_image_url: None | str
    storyboard_url: None | str
    title: str
    url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        captions = []
        for captions_item_data in self.captions:
            captions_item = captions_item_data.to_dict()
            captions.append(captions_item)

        content_type = self.content_type

        expires_at = self.expires_at.isoformat()

        expires_in_s = self.expires_in_s

        is_original = self.is_original

        kind = self.kind.value

        poster_url: None | str
        poster_url = self.poster_url

        size_bytes = self.size_bytes

        storyboard_image_url: None | str
        storyboard_image_url = self.storyboard_image_url

        storyboard_url: None | str
        storyboard_url = self.storyboard_url

        title = self.title

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "captions": captions,
                "content_type": content_type,
                "expires_at": expires_at,
                "expires_in_s": expires_in_s,
                "is_original": is_original,
                "kind": kind,
                "poster_url": poster_url,
                "size_bytes": size_bytes,
                "storyboard_image_url": storyboard_image_url,
                "storyboard_url": storyboard_url,
                "title": title,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.captions_view import CaptionsView  # noqa: PLC0415

        d = dict(src_dict)
        captions = []
        _captions = d.pop("captions")
        for captions_item_data in _captions:
            captions_item = CaptionsView.from_dict(captions_item_data)

            captions.append(captions_item)

        content_type = d.pop("content_type")

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        expires_in_s = d.pop("expires_in_s")

        is_original = d.pop("is_original")

        kind = PublicationKind(d.pop("kind"))

        def _parse_poster_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        poster_url = _parse_poster_url(d.pop("poster_url"))

        size_bytes = d.pop("size_bytes")

        def _parse_storyboard_image_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        storyboard_image_url = _parse_storyboard_image_url(d.pop("storyboard_image_url"))

        def _parse_storyboard_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        storyboard_url = _parse_storyboard_url(d.pop("storyboard_url"))

        title = d.pop("title")

        url = d.pop("url")

        playback_response = cls(
            captions=captions,
            content_type=content_type,
            expires_at=expires_at,
            expires_in_s=expires_in_s,
            is_original=is_original,
            kind=kind,
            poster_url=poster_url,
            size_bytes=size_bytes,
            storyboard_image_url=storyboard_image_url,
            storyboard_url=storyboard_url,
            title=title,
            url=url,
        )

        playback_response.additional_properties = d
        return playback_response

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
