from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.status_response import StatusResponse


T = TypeVar("T", bound="SnapshotView")


@_attrs_define
class SnapshotView:
    """The data of `snapshot` in the stream of a user.

    Attributes:
        complete (bool): Whether there are no more of them.
        videos (list[StatusResponse]): The videos that are not terminal, newest first.
    """

    complete: bool
    videos: list[StatusResponse]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        complete = self.complete

        videos = []
        for videos_item_data in self.videos:
            videos_item = videos_item_data.to_dict()
            videos.append(videos_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "complete": complete,
                "videos": videos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.status_response import StatusResponse  # noqa: PLC0415

        d = dict(src_dict)
        complete = d.pop("complete")

        videos = []
        _videos = d.pop("videos")
        for videos_item_data in _videos:
            videos_item = StatusResponse.from_dict(videos_item_data)

            videos.append(videos_item)

        snapshot_view = cls(
            complete=complete,
            videos=videos,
        )

        snapshot_view.additional_properties = d
        return snapshot_view

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
