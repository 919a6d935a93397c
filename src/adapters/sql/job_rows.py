"""Rows of jobs."""

import msgspec
from sqlalchemy import ColumnElement, RowMapping

from adapters.sql.tables import jobs
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import (
    DeliverPayload,
    ErasePayload,
    ImportPayload,
    IndexPayload,
    JobKind,
    JobPayload,
    PosterPayload,
    ProcessPayload,
    RetranscribePayload,
    TranscribePayload,
)

_PAYLOADS: dict[JobKind, type[JobPayload]] = {
    JobKind.IMPORT: ImportPayload,
    JobKind.PROCESS: ProcessPayload,
    JobKind.TRANSCRIBE: TranscribePayload,
    JobKind.RETRANSCRIBE: RetranscribePayload,
    JobKind.POSTER: PosterPayload,
    JobKind.ERASE: ErasePayload,
    JobKind.INDEX: IndexPayload,
    JobKind.DELIVER: DeliverPayload,
}


def known_kind() -> ColumnElement[bool]:
    """After a roll-back to an older version, the table may hold jobs of kinds that it does not know."""
    return jobs.c.kind.in_([kind.value for kind in JobKind])


def job_of(row: RowMapping) -> Job:
    """The job that a row describes."""
    return Job(
        id=row["id"],
        video_id=row["video_id"],
        payload=msgspec.json.decode(row["payload"], type=_PAYLOADS[JobKind(row["kind"])]),
        max_attempts=row["max_attempts"],
        run_after=row["run_after"],
        state=JobState(row["state"]),
        attempt=row["attempt"],
        fence=row["fence"],
        lease_until=row["lease_until"],
        sent_at=row["sent_at"],
        last_error=row["last_error"],
        worker=row["worker"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
