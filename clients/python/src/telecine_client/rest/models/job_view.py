from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_kind import JobKind
from ..models.job_state import JobState
from ..models.queue_name import QueueName
from ..models.stage_name import StageName

T = TypeVar("T", bound="JobView")


@_attrs_define
class JobView:
    """A job of any user.

    Attributes:
        attempt (int): The number of attempts so far.
        created_at (datetime.datetime | None): Null for a job of an earlier version.
        error (None | str): Code and text of the last error.
        job_id (str): The job's id.
        kind (JobKind): The kind of work that a job does.
        lease_until (datetime.datetime | None): Until when its worker holds it, unless the worker renews the lease.
        max_attempts (int): The number of attempts that are allowed.
        queue (QueueName): The queue that carries a job: for CPU work, waiting on other services, maintenance, or
            webhooks.
        run_after (datetime.datetime): When it became due, or becomes due.
        stage (None | StageName): The stage that is running now.
        state (JobState): The state of a job.
        title (None | str): The title of the video; null without one, or if it was deleted.
        updated_at (datetime.datetime | None): When its state changed last; null for a job of an earlier version.
        user_id (None | str): The owner of the video; null without one, or if it was deleted.
        video_id (None | str): Its video; null for a job that concerns none.
        worker (None | str): The last worker that claimed it, as `host:process`; null if none has.
    """

    attempt: int
    created_at: datetime.datetime | None
    error: None | str
    job_id: str
    kind: JobKind
    lease_until: datetime.datetime | None
    max_attempts: int
    queue: QueueName
    run_after: datetime.datetime
    stage: None | StageName
    state: JobState
    title: None | str
    updated_at: datetime.datetime | None
    user_id: None | str
    video_id: None | str
    worker: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt = self.attempt

        created_at: None | str
        if isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        error: None | str
        error = self.error

        job_id = self.job_id

        kind = self.kind.value

        lease_until: None | str
        if isinstance(self.lease_until, datetime.datetime):
            lease_until = self.lease_until.isoformat()
        else:
            lease_until = self.lease_until

        max_attempts = self.max_attempts

        queue = self.queue.value

        run_after = self.run_after.isoformat()

        stage: None | str
        if isinstance(self.stage, StageName):
            stage = self.stage.value
        else:
            stage = self.stage

        state = self.state.value

        title: None | str
        title = self.title

        updated_at: None | str
        if isinstance(self.updated_at, datetime.datetime):
            updated_at = self.updated_at.isoformat()
        else:
            updated_at = self.updated_at

        user_id: None | str
        user_id = self.user_id

        video_id: None | str
        video_id = self.video_id

        worker: None | str
        worker = self.worker

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt": attempt,
                "created_at": created_at,
                "error": error,
                "job_id": job_id,
                "kind": kind,
                "lease_until": lease_until,
                "max_attempts": max_attempts,
                "queue": queue,
                "run_after": run_after,
                "stage": stage,
                "state": state,
                "title": title,
                "updated_at": updated_at,
                "user_id": user_id,
                "video_id": video_id,
                "worker": worker,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt = d.pop("attempt")

        def _parse_created_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                created_at_type_0 = datetime.datetime.fromisoformat(data)

                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        created_at = _parse_created_at(d.pop("created_at"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        job_id = d.pop("job_id")

        kind = JobKind(d.pop("kind"))

        def _parse_lease_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lease_until_type_0 = datetime.datetime.fromisoformat(data)

                return lease_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        lease_until = _parse_lease_until(d.pop("lease_until"))

        max_attempts = d.pop("max_attempts")

        queue = QueueName(d.pop("queue"))

        run_after = datetime.datetime.fromisoformat(d.pop("run_after"))

        def _parse_stage(data: object) -> None | StageName:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                stage_type_0 = StageName(data)

                return stage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StageName, data)

        stage = _parse_stage(d.pop("stage"))

        state = JobState(d.pop("state"))

        def _parse_title(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        title = _parse_title(d.pop("title"))

        def _parse_updated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                updated_at_type_0 = datetime.datetime.fromisoformat(data)

                return updated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        updated_at = _parse_updated_at(d.pop("updated_at"))

        def _parse_user_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_id = _parse_user_id(d.pop("user_id"))

        def _parse_video_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        video_id = _parse_video_id(d.pop("video_id"))

        def _parse_worker(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        worker = _parse_worker(d.pop("worker"))

        job_view = cls(
            attempt=attempt,
            created_at=created_at,
            error=error,
            job_id=job_id,
            kind=kind,
            lease_until=lease_until,
            max_attempts=max_attempts,
            queue=queue,
            run_after=run_after,
            stage=stage,
            state=state,
            title=title,
            updated_at=updated_at,
            user_id=user_id,
            video_id=video_id,
            worker=worker,
        )

        job_view.additional_properties = d
        return job_view

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
