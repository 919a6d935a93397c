from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_kind import MediaKind

T = TypeVar("T", bound="MediaView")


@_attrs_define
class MediaView:
    """The container and the streams of the source.

    Attributes:
        audio_codec (None | str): null without sound.
        container (str): The name of the container format.
        duration_s (float): The duration in seconds.
        frame_rate (float): Frames per second; 0 if unknown, and for sound alone.
        height (int): In pixels, after rotation; 0 for sound alone.
        kind (MediaKind): Whether a file has a picture that plays; sound with cover art is `audio`.
        video_codec (None | str): null for sound alone.
        width (int): In pixels, after rotation; 0 for sound alone.
    """

    audio_codec: None | str
    container: str
    duration_s: float
    frame_rate: float
    height: int
    kind: MediaKind
    video_codec: None | str
    width: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        audio_codec: None | str
        audio_codec = self.audio_codec

        container = self.container

        duration_s = self.duration_s

        frame_rate = self.frame_rate

        height = self.height

        kind = self.kind.value

        video_codec: None | str
        video_codec = self.video_codec

        width = self.width

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "audio_codec": audio_codec,
                "container": container,
                "duration_s": duration_s,
                "frame_rate": frame_rate,
                "height": height,
                "kind": kind,
                "video_codec": video_codec,
                "width": width,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_audio_codec(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        audio_codec = _parse_audio_codec(d.pop("audio_codec"))

        container = d.pop("container")

        duration_s = d.pop("duration_s")

        frame_rate = d.pop("frame_rate")

        height = d.pop("height")

        kind = MediaKind(d.pop("kind"))

        def _parse_video_codec(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        video_codec = _parse_video_codec(d.pop("video_codec"))

        width = d.pop("width")

        media_view = cls(
            audio_codec=audio_codec,
            container=container,
            duration_s=duration_s,
            frame_rate=frame_rate,
            height=height,
            kind=kind,
            video_codec=video_codec,
            width=width,
        )

        media_view.additional_properties = d
        return media_view

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
