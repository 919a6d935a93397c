from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.highlight_view import HighlightView


T = TypeVar("T", bound="SearchResult")


@_attrs_define
class SearchResult:
    """A cue that matches, with its video; times are in seconds from the start of the video.

    Attributes:
        end_s (float): When the cue disappears.
        filename (str): The name of the file.
        highlights (list[HighlightView]): The ranges of `text` that match, in order.
        start_s (float): When the cue appears.
        text (str): The text of the cue: plain text, not HTML.
        title (str): The title of the video, or else the name of the file.
        video_id (str): The video's id.
    """

    end_s: float
    filename: str
    highlights: list[HighlightView]
    start_s: float
    text: str
    title: str
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        end_s = self.end_s

        filename = self.filename

        highlights = []
        for highlights_item_data in self.highlights:
            highlights_item = highlights_item_data.to_dict()
            highlights.append(highlights_item)

        start_s = self.start_s

        text = self.text

        title = self.title

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "end_s": end_s,
                "filename": filename,
                "highlights": highlights,
                "start_s": start_s,
                "text": text,
                "title": title,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.highlight_view import HighlightView  # noqa: PLC0415

        d = dict(src_dict)
        end_s = d.pop("end_s")

        filename = d.pop("filename")

        highlights = []
        _highlights = d.pop("highlights")
        for highlights_item_data in _highlights:
            highlights_item = HighlightView.from_dict(highlights_item_data)

            highlights.append(highlights_item)

        start_s = d.pop("start_s")

        text = d.pop("text")

        title = d.pop("title")

        video_id = d.pop("video_id")

        search_result = cls(
            end_s=end_s,
            filename=filename,
            highlights=highlights,
            start_s=start_s,
            text=text,
            title=title,
            video_id=video_id,
        )

        search_result.additional_properties = d
        return search_result

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
