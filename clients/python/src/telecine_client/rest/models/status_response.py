from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.video_status import VideoStatus

if TYPE_CHECKING:
    from ..models.failure_view import FailureView
    from ..models.stage_view import StageView
    from ..models.warning_view import WarningView


T = TypeVar("T", bound="StatusResponse")


@_attrs_define
class StatusResponse:
    """The status of a video and the progress of its stages.

    Attributes:
        created_at (datetime.datetime): When the video was created.
        failure (FailureView | None): Why the video failed; null unless its status is `failed`.
        playable (bool): Whether the rendition, or the kept original, can be played.
        stages (list[StageView]): All stages, in the order of processing.
        status (VideoStatus): The status that clients see; stages, failure and warnings give the details.
        updated_at (datetime.datetime): When the video was last changed; it changes while work continues.
        video_id (str): The video's id.
        warnings (list[WarningView]): Problems that did not make the video fail.
    """

    created_at: datetime.datetime
    failure: FailureView | None
    playable: bool
    stages: list[StageView]
    status: VideoStatus
    updated_at: datetime.datetime
    video_id: str
    warnings: list[WarningView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_view import FailureView  # noqa: PLC0415

        created_at = self.created_at.isoformat()

        failure: dict[str, Any] | None
        if isinstance(self.failure, FailureView):
            failure = self.failure.to_dict()
        else:
            failure = self.failure

        playable = self.playable

        stages = []
        for stages_item_data in self.stages:
            stages_item = stages_item_data.to_dict()
            stages.append(stages_item)

        status = self.status.value

        updated_at = self.updated_at.isoformat()

        video_id = self.video_id

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "created_at": created_at,
                "failure": failure,
                "playable": playable,
                "stages": stages,
                "status": status,
                "updated_at": updated_at,
                "video_id": video_id,
                "warnings": warnings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure_view import FailureView  # noqa: PLC0415
        from ..models.stage_view import StageView  # noqa: PLC0415
        from ..models.warning_view import WarningView  # noqa: PLC0415

        d = dict(src_dict)
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

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

        stages = []
        _stages = d.pop("stages")
        for stages_item_data in _stages:
            stages_item = StageView.from_dict(stages_item_data)

            stages.append(stages_item)

        status = VideoStatus(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        video_id = d.pop("video_id")

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:
            warnings_item = WarningView.from_dict(warnings_item_data)

            warnings.append(warnings_item)

        status_response = cls(
            created_at=created_at,
            failure=failure,
            playable=playable,
            stages=stages,
            status=status,
            updated_at=updated_at,
            video_id=video_id,
            warnings=warnings,
        )

        status_response.additional_properties = d
        return status_response

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
