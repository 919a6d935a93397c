"""Writes a job's progress to its video's row, under the job's fence, and publishes it on the event bus."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from domain.model.errors import LeaseLost, Unavailable
from domain.model.jobs.job import Job
from domain.model.stage import StageName, StageState
from domain.model.videos.throughput import Throughput
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.event_bus import EventBus, StageProgress
from domain.ports.progress import OnProgress

PROGRESS_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class StageReporter:
    """Changes a video as long as the job's lease is held."""

    database: Database
    clock: Clock
    bus: EventBus

    async def change(self, job: Job, change: Callable[[Video], Video]) -> Video:
        """Apply the change to the current video and return the result.

        Raises:
            LeaseLost: another worker has the job, or it has ended; nothing was written.
        """
        async with self.database.write() as work:
            await work.jobs.lock(job.lease)
            video = change(await work.videos.get(job.video_id))
            await work.videos.save(video)
            return video

    async def end_stage(self, job: Job, name: StageName, state: StageState) -> Video:
        """End a stage in this state."""
        return await self.change(job, lambda video: video.with_stage(name, state, now=self.clock.now()))

    @asynccontextmanager
    async def stage(self, job: Job, name: StageName, *, amount: float = 0.0) -> AsyncGenerator[OnProgress]:
        """Run a stage inside the block; reported progress is written at most once a second.

        `amount` is the total amount of work in the stage's unit (bytes, or seconds of media); the speed is reported in
        this unit per second. The caller ends the stage, together with what else changes at that moment.
        """
        video = await self.change(
            job, lambda video: video.stage_started(name, attempt=job.attempt, now=self.clock.now())
        )
        await self._publish(video, name)
        latest = [0.0]
        writer = asyncio.create_task(self._write(job, name, latest, amount))
        try:
            yield lambda percent: latest.__setitem__(0, percent)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _write(self, job: Job, name: StageName, latest: list[float], amount: float) -> None:
        written, pace = 0.0, Throughput()
        while True:
            await self.clock.sleep(PROGRESS_EVERY_S)
            percent = latest[0]
            if percent <= written:
                continue
            pace = pace.after(self.clock.now(), percent)
            try:
                video = await self.change(job, self._progressed(name, percent, pace, amount))
                written = percent
                await self._publish(video, name)
            except Unavailable:
                continue  # Progress is optional: the next second tries again.
            except LeaseLost:
                return  # The lease renewal gets the same error and ends the job.

    async def _publish(self, video: Video, name: StageName) -> None:
        """Tell open streams what the row says now."""
        stage = video.stage(name)
        await self.bus.publish(
            StageProgress(
                video.id, video.owner, name, stage.percent, stage.attempt, speed=stage.speed, eta_s=stage.eta_s
            )
        )

    def _progressed(self, name: StageName, percent: float, pace: Throughput, amount: float) -> Callable[[Video], Video]:
        return lambda video: video.stage_progressed(
            name, percent, now=self.clock.now(), speed=pace.speed(amount), eta_s=pace.eta_s
        )
