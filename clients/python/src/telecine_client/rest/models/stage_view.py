from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stage_name import StageName
from ..models.stage_state import StageState
from ..types import UNSET, Unset

T = TypeVar("T", bound="StageView")


@_attrs_define
class StageView:
    """A processing stage of a video.

    Attributes:
        attempt (int): The number of the attempt, from 1; 0 before the first one.
        name (StageName): The steps of a video's processing, in order.
        percent (float): How much of the stage is done, from 0 to 100.
        state (StageState): The state of a stage.
        eta_s (float | None | Unset): While the stage runs: estimated seconds until it ends, at this speed.
        speed (float | None | Unset): While the stage runs: bytes per second, or, for `compress` and `transcribe`,
            seconds of video per second.
    """

    attempt: int
    name: StageName
    percent: float
    state: StageState
    eta_s: float | None | Unset = UNSET
    speed: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        name = self.name.value

        percent = self.percent

        state = self.state.value

        eta_s: float | None | Unset
        if isinstance(self.eta_s, Unset):
            eta_s = UNSET
        else:
            eta_s = self.eta_s

        speed: float | None | Unset
        if isinstance(self.speed, Unset):
            speed = UNSET
        else:
            speed = self.speed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "name": name,
                "percent": percent,
                "state": state,
            }
        )
        if eta_s is not UNSET:
            field_dict["eta_s"] = eta_s
        if speed is not UNSET:
            field_dict["speed"] = speed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt = d.pop("attempt")

        name = StageName(d.pop("name"))

        percent = d.pop("percent")

        state = StageState(d.pop("state"))

        def _parse_eta_s(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        eta_s = _parse_eta_s(d.pop("eta_s", UNSET))

        def _parse_speed(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        speed = _parse_speed(d.pop("speed", UNSET))

        stage_view = cls(
            attempt=attempt,
            name=name,
            percent=percent,
            state=state,
            eta_s=eta_s,
            speed=speed,
        )

        stage_view.additional_properties = d
        return stage_view

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
