from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.transcript_origin import TranscriptOrigin

if TYPE_CHECKING:
    from ..models.cue_view import CueView


T = TypeVar("T", bound="TranscriptResponse")


@_attrs_define
class TranscriptResponse:
    """The transcript of a video.

    Attributes:
        cues (list[CueView]): The captions in the order of time; with `q`, only those that match.
        language (None | str): ISO 639-1 code: the detected language, or else the language hint; for uploaded captions,
            the `language` of their upload.
        origin (TranscriptOrigin): Where a transcript comes from: a transcriber, or captions that the owner uploaded.
        text (str): All speech as one text.
        video_id (str): The video's id.
    """

    cues: list[CueView]
    language: None | str
    origin: TranscriptOrigin
    text: str
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cues = []
        for cues_item_data in self.cues:
            cues_item = cues_item_data.to_dict()
            cues.append(cues_item)

        language: None | str
        language = self.language

        origin = self.origin.value

        text = self.text

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cues": cues,
                "language": language,
                "origin": origin,
                "text": text,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cue_view import CueView  # noqa: PLC0415

        d = dict(src_dict)
        cues = []
        _cues = d.pop("cues")
        for cues_item_data in _cues:
            cues_item = CueView.from_dict(cues_item_data)

            cues.append(cues_item)

        def _parse_language(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        language = _parse_language(d.pop("language"))

        origin = TranscriptOrigin(d.pop("origin"))

        text = d.pop("text")

        video_id = d.pop("video_id")

        transcript_response = cls(
            cues=cues,
            language=language,
            origin=origin,
            text=text,
            video_id=video_id,
        )

        transcript_response.additional_properties = d
        return transcript_response

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
