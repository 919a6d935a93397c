from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stage_name import StageName

T = TypeVar("T", bound="ProgressView")


@_attrs_define
class ProgressView:
    """The data of `progress`: how far a running stage is.

    Attributes:
        attempt (int): The number of the attempt at the stage, from 1.
        eta_s (float | None): Estimated seconds until the stage ends; null if unknown.
        percent (float): How much of the stage is done, from 0 to 100.
        speed (float | None): As `speed` of a stage in the status; null if unknown.
        stage (StageName): The steps of a video's processing, in order.
        video_id (str): The id of the video.
    """

    attempt: int
    eta_s: float | None
    percent: float
    speed: float | None
    stage: StageName
    video_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        eta_s: float | None
        eta_s = self.eta_s

        percent = self.percent

        speed: float | None
        speed = self.speed

        stage = self.stage.value

        video_id = self.video_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "eta_s": eta_s,
                "percent": percent,
                "speed": speed,
                "stage": stage,
                "video_id": video_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt = d.pop("attempt")

        def _parse_eta_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        eta_s = _parse_eta_s(d.pop("eta_s"))

        percent = d.pop("percent")

        def _parse_speed(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        speed = _parse_speed(d.pop("speed"))

        stage = StageName(d.pop("stage"))

        video_id = d.pop("video_id")

        progress_view = cls(
            attempt=attempt,
            eta_s=eta_s,
            percent=percent,
            speed=speed,
            stage=stage,
            video_id=video_id,
        )

        progress_view.additional_properties = d
        return progress_view

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
