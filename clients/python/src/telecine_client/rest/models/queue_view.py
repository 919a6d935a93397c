from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.queue_name import QueueName

T = TypeVar("T", bound="QueueView")


@_attrs_define
class QueueView:
    """The live jobs of one queue.

    Attributes:
        due (int): Queued jobs that could run now; at most 10,000 per kind.
        name (QueueName): The queue that carries a job: for CPU work, waiting on other services, maintenance, or
            webhooks.
        oldest_waiting_s (float | None): Seconds since the oldest due job became due; null if none is due.
        running (int): Jobs that a worker has claimed.
        waiting (int): Queued jobs, also those that become due later; at most 10,000 per kind.
    """

    due: int
    name: QueueName
    oldest_waiting_s: float | None
    running: int
    waiting: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        due = self.due

        name = self.name.value

        oldest_waiting_s: float | None
        oldest_waiting_s = self.oldest_waiting_s

        running = self.running

        waiting = self.waiting

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "due": due,
                "name": name,
                "oldest_waiting_s": oldest_waiting_s,
                "running": running,
                "waiting": waiting,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        due = d.pop("due")

        name = QueueName(d.pop("name"))

        def _parse_oldest_waiting_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        oldest_waiting_s = _parse_oldest_waiting_s(d.pop("oldest_waiting_s"))

        running = d.pop("running")

        waiting = d.pop("waiting")

        queue_view = cls(
            due=due,
            name=name,
            oldest_waiting_s=oldest_waiting_s,
            running=running,
            waiting=waiting,
        )

        queue_view.additional_properties = d
        return queue_view

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
