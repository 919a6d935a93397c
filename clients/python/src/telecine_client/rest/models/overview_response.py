from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.last_hour_view import LastHourView
    from ..models.queue_view import QueueView
    from ..models.sandbox_view import SandboxView
    from ..models.storage_view import StorageView
    from ..models.video_counts_view import VideoCountsView


T = TypeVar("T", bound="OverviewResponse")


@_attrs_define
class OverviewResponse:
    """The state of the installation.

    Attributes:
        database (str): `sqlite` or `postgresql`.
        ffmpeg_version (None | str): ffmpeg on the host of this server; null if it is not installed there.
        last_hour (LastHourView): The last hour.
        python_version (str): Python of this server.
        queue (str): `in_process` or `redis`.
        queues (list[QueueView]): Every queue.
        sandbox (SandboxView): The sandbox around ffmpeg on the host of this server.
        started_at (datetime.datetime): When the server that answers was started.
        storage (StorageView): What all users store.
        storage_kind (str): `folder` or `s3`.
        version (str): The server's version.
        videos (VideoCountsView): The number of videos of all users in each status.
    """

    database: str
    ffmpeg_version: None | str
    last_hour: LastHourView
    python_version: str
    queue: str
    queues: list[QueueView]
    sandbox: SandboxView
    started_at: datetime.datetime
    storage: StorageView
    storage_kind: str
    version: str
    videos: VideoCountsView
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        database = self.database

        ffmpeg_version: None | str
        ffmpeg_version = self.ffmpeg_version

        last_hour = self.last_hour.to_dict()

        python_version = self.python_version

        queue = self.queue

        queues = []
        for queues_item_data in self.queues:
            queues_item = queues_item_data.to_dict()
            queues.append(queues_item)

        sandbox = self.sandbox.to_dict()

        started_at = self.started_at.isoformat()

        storage = self.storage.to_dict()

        storage_kind = self.storage_kind

        version = self.version

        videos = self.videos.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "database": database,
                "ffmpeg_version": ffmpeg_version,
                "last_hour": last_hour,
                "python_version": python_version,
                "queue": queue,
                "queues": queues,
                "sandbox": sandbox,
                "started_at": started_at,
                "storage": storage,
                "storage_kind": storage_kind,
                "version": version,
                "videos": videos,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.last_hour_view import LastHourView  # noqa: PLC0415
        from ..models.queue_view import QueueView  # noqa: PLC0415
        from ..models.sandbox_view import SandboxView  # noqa: PLC0415
        from ..models.storage_view import StorageView  # noqa: PLC0415
        from ..models.video_counts_view import VideoCountsView  # noqa: PLC0415

        d = dict(src_dict)
        database = d.pop("database")

        def _parse_ffmpeg_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ffmpeg_version = _parse_ffmpeg_version(d.pop("ffmpeg_version"))

        last_hour = LastHourView.from_dict(d.pop("last_hour"))

        python_version = d.pop("python_version")

        queue = d.pop("queue")

        queues = []
        _queues = d.pop("queues")
        for queues_item_data in _queues:
            queues_item = QueueView.from_dict(queues_item_data)

            queues.append(queues_item)

        sandbox = SandboxView.from_dict(d.pop("sandbox"))

        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))

        storage = StorageView.from_dict(d.pop("storage"))

        storage_kind = d.pop("storage_kind")

        version = d.pop("version")

        videos = VideoCountsView.from_dict(d.pop("videos"))

        overview_response = cls(
            database=database,
            ffmpeg_version=ffmpeg_version,
            last_hour=last_hour,
            python_version=python_version,
            queue=queue,
            queues=queues,
            sandbox=sandbox,
            started_at=started_at,
            storage=storage,
            storage_kind=storage_kind,
            version=version,
            videos=videos,
        )

        overview_response.additional_properties = d
        return overview_response

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
