from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.video_status import VideoStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.failure_view import FailureView


T = TypeVar("T", bound="VideoEventData")


@_attrs_define
class VideoEventData:
    """The `data` of an event of a video; all but `seq` and `language` is the video's at that time.

    Attributes:
        external_id (None | str): The id that the video has in another system.
        failure (FailureView | None): Why the video failed; null unless its status is `failed`.
        playable (bool): Whether the video can be played.
        seq (int): The number of the event among those of its video, from 1 without gaps.
        status (VideoStatus): The status that clients see; stages, failure and warnings give the details.
        title (None | str): The title; null in events of earlier versions.
        video_id (str): The id of the video.
        language (str | Unset): The language of the transcript or the captions, if it is known.
    """

    external_id: None | str
    failure: FailureView | None
    playable: bool
    seq: int
    status: VideoStatus
    title: None | str
    video_id: str
    language: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_view import FailureView  # noqa: PLC0415

        external_id: None | str
        external_id = self.external_id

        failure: dict[str, Any] | None
        if isinstance(self.failure, FailureView):
            failure = self.failure.to_dict()
        else:
            failure = self.failure

        playable = self.playable

        seq = self.seq

        status = self.status.value

        title: None | str
        title = self.title

        video_id = self.video_id

        language = self.language

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "external_id": external_id,
                "failure": failure,
                "playable": playable,
                "seq": seq,
                "status": status,
                "title": title,
                "video_id": video_id,
            }
        )
        if language is not UNSET:
            field_dict["language"] = language

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure_view import FailureView  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

        def _parse_failure(data: object) -> FailureView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                failure_type_0 = FailureView.from_dict(data)

                return failure_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FailureView | None, data)

        failure = _parse_failure(d.pop("failure"))

        playable = d.pop("playable")

        seq = d.pop("seq")

        status = VideoStatus(d.pop("status"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        video_id = d.pop("video_id")

        language = d.pop("language", UNSET)

        video_event_data = cls(
            external_id=external_id,
            failure=failure,
            playable=playable,
            seq=seq,
            status=status,
            title=title,
            video_id=video_id,
            language=language,
        )

        video_event_data.additional_properties = d
        return video_event_data

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
