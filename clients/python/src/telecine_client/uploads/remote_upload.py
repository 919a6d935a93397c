"""An upload in progress, as the server reports it."""

from dataclasses import dataclass
from typing import Any, Self

from telecine_client.uploads.part_plan import PartPlan


@dataclass(frozen=True, slots=True)
class RemoteUpload:
    """What has arrived and what is missing; `first_urls` is the response that granted the upload, if it is new.

    Without a `plan`, the file is sent in one PUT.
    """

    video_id: str
    plan: PartPlan | None
    missing: tuple[int, ...]
    received_bytes: int = 0
    first_urls: dict[str, Any] | None = None

    @classmethod
    def granted(cls, grant: dict[str, Any], size_bytes: int) -> Self:
        """A new upload, of which nothing has arrived."""
        plan = _plan(grant, size_bytes)
        missing = () if plan is None else tuple(range(1, plan.count + 1))
        return cls(grant["video_id"], plan, missing, first_urls=grant)

    @classmethod
    def resumed(cls, progress: dict[str, Any]) -> Self:
        """An upload that has begun, with the progress that the server reports."""
        plan = _plan(progress, progress["file_size"])
        return cls(progress["video_id"], plan, tuple(progress["missing_parts"]), progress["received_bytes"])


def is_closed_incomplete(progress: dict[str, Any]) -> bool:
    """Whether the upload was closed before everything had arrived: it accepts no more, and its data is deleted."""
    return bool(progress["status"] == "failed" and progress["received_bytes"] != progress["file_size"])


def _plan(response: dict[str, Any], size_bytes: int) -> PartPlan | None:
    return PartPlan(size_bytes, response["part_size"]) if response["strategy"] == "multipart" else None
