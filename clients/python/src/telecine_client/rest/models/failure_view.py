from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.failure_code import FailureCode
from ..models.stage_name import StageName

T = TypeVar("T", bound="FailureView")


@_attrs_define
class FailureView:
    """Why the video failed.

    Attributes:
        code (FailureCode): The closed list of reasons in `failure.code`.
        message (str): The reason, for people.
        stage (StageName): The steps of a video's processing, in order.
    """

    code: FailureCode
    message: str
    stage: StageName
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code.value

        message = self.message

        stage = self.stage.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "message": message,
                "stage": stage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = FailureCode(d.pop("code"))

        message = d.pop("message")

        stage = StageName(d.pop("stage"))

        failure_view = cls(
            code=code,
            message=message,
            stage=stage,
        )

        failure_view.additional_properties = d
        return failure_view

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
