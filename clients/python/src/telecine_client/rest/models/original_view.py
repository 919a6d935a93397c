from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.kept_reason import KeptReason

T = TypeVar("T", bound="OriginalView")


@_attrs_define
class OriginalView:
    """Whether the original is still in the bucket.

    Attributes:
        expires_at (datetime.datetime | None): When it is erased; null if it stays until the video is deleted.
        kept (bool): Whether the original is kept.
        reason (KeptReason | None): `requested`: the upload or the operator chose so. `unproven`: the rendition lacks
            something of it; a warning says what. `played`: there is no rendition, it is played itself.
        size_bytes (int | None): Its size, which counts towards the quota; null if not kept.
    """

    expires_at: datetime.datetime | None
    kept: bool
    reason: KeptReason | None
    size_bytes: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        kept = self.kept

        reason: None | str
        if isinstance(self.reason, KeptReason):
            reason = self.reason.value
        else:
            reason = self.reason

        size_bytes: int | None
        size_bytes = self.size_bytes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "expires_at": expires_at,
                "kept": kept,
                "reason": reason,
                "size_bytes": size_bytes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        kept = d.pop("kept")

        def _parse_reason(data: object) -> KeptReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reason_type_0 = KeptReason(data)

                return reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(KeptReason | None, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_size_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        size_bytes = _parse_size_bytes(d.pop("size_bytes"))

        original_view = cls(
            expires_at=expires_at,
            kept=kept,
            reason=reason,
            size_bytes=size_bytes,
        )

        original_view.additional_properties = d
        return original_view

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
