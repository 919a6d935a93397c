"""Request the indexing of transcripts that the search index misses."""

from dataclasses import dataclass

from domain.model.jobs.payloads import NO_VIDEO, IndexPayload
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.search.index_transcripts import SCHEDULE

EVERY_S = 3600.0


@dataclass(frozen=True, slots=True)
class RequestIndexing:
    """Queue the job that indexes what the search index misses, if it misses anything.

    - Transcripts are missing after an update: those of a version without the index, and all of them when a new version
      indexes other words of the same text. Every other transcript is indexed in the transaction that saves it.
    - It does so at most once an hour, in one process, and not while such jobs run.
    """

    database: Database
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self) -> None:
        """Queue the job, if it is due and necessary."""
        async with self.database.write() as work:
            is_due = await work.schedule.try_acquire(SCHEDULE, every_s=EVERY_S)
        if not is_due:
            return
        async with self.database.read() as work:
            missing = await work.transcript_index.missing(limit=1)
        if not missing:
            return
        async with self.database.write() as work:
            job = await work.jobs.add(self.jobs.new(NO_VIDEO, IndexPayload()))
        await self.dispatch(job)
