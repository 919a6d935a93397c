"""Try once more what has failed."""

from dataclasses import dataclass

from domain.model.errors import Conflict, JobUnavailable, ObjectNotFound
from domain.model.idempotency import IdempotentRequest, WorkRequest, idempotent_request
from domain.model.identity import UserId, VideoId
from domain.model.job import (
    ImportPayload,
    Job,
    JobKind,
    JobState,
    ProcessPayload,
    RetranscribePayload,
    TranscribePayload,
)
from domain.model.lifecycle import VideoStatus
from domain.model.object_key import ObjectKey
from domain.model.transcription_runs import latest_run, run_of
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore
from domain.use_cases.owe_once import OwedWork, OweOnce
from domain.use_cases.send_job import SendJob

OPERATION = "retry"

_RETRIED_KINDS = frozenset({JobKind.IMPORT, JobKind.PROCESS, JobKind.TRANSCRIBE, JobKind.RETRANSCRIBE})


@dataclass(frozen=True, slots=True)
class RetryVideo:
    """Retry a failed video.

    - It takes up from the stage that failed: what was published stays, no finished chunk of speech is paid for twice.
    - What is to be worked on must still be in the bucket: the original that was verified, or the speech track.
      An import is fetched anew.
    - The attempts are counted anew.
    - A request that is repeated with its `Idempotency-Key` is answered with the video as it is now: should it have
      failed once more meanwhile, it stays so.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    send: SendJob
    once: OweOnce

    async def __call__(self, owner: UserId, video_id: VideoId, *, key: str | None = None) -> OwedWork:
        """Owe the work again.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_failed`; `nothing_to_retry`: nothing is left to work on; or `idempotency_key_spent`.
            Rejected: the idempotency key is malformed or stands for another request.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        request = None if key is None else idempotent_request(key, OPERATION, WorkRequest(video_id))
        return await self.once(owner, request, lambda: self._owe(owner, video_id, request))

    async def _owe(self, owner: UserId, video_id: VideoId, request: IdempotentRequest | None) -> Video:
        async with self.database.read() as work:
            video = (await work.videos.get(video_id)).require_owner(owner)
            jobs = await work.jobs.of_video(video_id)
        _require_failed(video)
        dead = _given_up(jobs)
        if not dead or not all([await self._has_material(video, job) for job in dead]):
            raise _nothing_to_retry()
        video, revived = await self._revive(video_id, dead, request)
        for job in revived:
            await self.send(job)
        return video

    async def _revive(
        self, video_id: VideoId, dead: list[Job], request: IdempotentRequest | None
    ) -> tuple[Video, list[Job]]:
        async with self.database.write() as work:
            # Jobs before the video, as workers take them.
            try:
                revived = [await work.jobs.revive(job.id) for job in sorted(dead, key=lambda job: job.id)]
            except JobUnavailable as error:
                raise _not_failed() from error  # Somebody else was quicker.
            video = _require_failed(await work.videos.get(video_id)).retried(now=self.clock.now())
            await work.videos.save(video)
            if request is not None:
                await work.idempotency_keys.add(request.asked(video, now=self.clock.now()))
            return video, revived

    async def _has_material(self, video: Video, job: Job) -> bool:
        if isinstance(job.payload, ImportPayload):
            return True
        try:
            info = await self.objects.head(_material(video, job))
        except ObjectNotFound:
            return False
        return not isinstance(job.payload, ProcessPayload) or info.etag == video.source.etag


def _given_up(jobs: list[Job]) -> list[Job]:
    """What may be done once more; runs of a transcription before the latest are over."""
    counting = {None, latest_run(jobs)}
    return [
        job for job in jobs if job.state is JobState.DEAD and job.kind in _RETRIED_KINDS and run_of(job) in counting
    ]


def _material(video: Video, job: Job) -> ObjectKey:
    """What the job works on."""
    match job.payload:
        case TranscribePayload(audio_key):
            return audio_key
        case RetranscribePayload():
            return video.require_playable().main.key
        case _:
            return video.source.key


def _require_failed(video: Video) -> Video:
    if video.status is not VideoStatus.FAILED:
        raise _not_failed()
    return video


def _not_failed() -> Conflict:
    return Conflict("Only a video that has failed can be retried.", code="not_failed")


def _nothing_to_retry() -> Conflict:
    return Conflict("Nothing is left to work on; upload the video again.", code="nothing_to_retry")
