from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.highlight_view import HighlightView


T = TypeVar("T", bound="CueView")


@_attrs_define
class CueView:
    """One cue; times are in seconds from the start of the video.

    Attributes:
        end_s (float): When the cue disappears.
        start_s (float): When the cue appears.
        text (str): The text of the cue, with its line breaks: plain text, not HTML.
        highlights (list[HighlightView] | Unset): With `q`: the ranges of `text` that match, in order.
    """

    end_s: float
    start_s: float
    text: str
    highlights: list[HighlightView] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        end_s = self.end_s

        start_s = self.start_s

        text = self.text

        highlights: list[dict[str, Any]] | Unset
        if isinstance(self.highlights, Unset):
            highlights = UNSET
        else:
            highlights = []
            for highlights_type_0_item_data in self.highlights:
                highlights_type_0_item = highlights_type_0_item_data.to_dict()
                highlights.append(highlights_type_0_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "end_s": end_s,
                "start_s": start_s,
                "text": text,
            }
        )
        if highlights is not UNSET:
            field_dict["highlights"] = highlights

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.highlight_view import HighlightView  # noqa: PLC0415

        d = dict(src_dict)
        end_s = d.pop("end_s")

        start_s = d.pop("start_s")

        text = d.pop("text")

        def _parse_highlights(data: object) -> list[HighlightView] | Unset:
            if isinstance(data, Unset):
                return data
            if not isinstance(data, list):
                raise TypeError()
            highlights_type_0 = []
            _highlights_type_0 = data
            for highlights_type_0_item_data in _highlights_type_0:
                highlights_type_0_item = HighlightView.from_dict(highlights_type_0_item_data)

                highlights_type_0.append(highlights_type_0_item)

            return highlights_type_0

        highlights = _parse_highlights(d.pop("highlights", UNSET))

        cue_view = cls(
            end_s=end_s,
            start_s=start_s,
            text=text,
            highlights=highlights,
        )

        cue_view.additional_properties = d
        return cue_view

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
