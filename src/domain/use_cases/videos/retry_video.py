"""Retry a failed video."""

from dataclasses import dataclass

from domain.model.access.idempotency import IdempotentRequest, WorkRequest, idempotent_request
from domain.model.errors import Conflict, JobUnavailable, ObjectNotFound
from domain.model.ids import UserId, VideoId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import ImportPayload, JobKind, ProcessPayload, RetranscribePayload, TranscribePayload
from domain.model.jobs.transcription_runs import latest_run, run_of
from domain.model.object_key import ObjectKey
from domain.model.videos.guards import require_owner, require_playable
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore
from domain.use_cases.access.once import IdempotentResult, RunOnce
from domain.use_cases.jobs.dispatch_job import DispatchJob

OPERATION = "retry"

RETRIED_KINDS = frozenset({JobKind.IMPORT, JobKind.PROCESS, JobKind.TRANSCRIBE, JobKind.RETRANSCRIBE})
"""The kinds of jobs whose permanent failure fails their video."""


@dataclass(frozen=True, slots=True)
class RetryVideo:
    """Retry a failed video.

    - Work resumes at the stage that failed: a published rendition stays, and finished chunks of the transcript are not
      transcribed again.
    - The input must still be in the bucket: the verified original, the published video, or the speech track. An import
      is downloaded again.
    - The number of attempts starts again at zero.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now. A video that has failed again in
      the meantime is not retried.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    dispatch: DispatchJob
    run_once: RunOnce

    async def __call__(self, owner: UserId, video_id: VideoId, *, key: str | None = None) -> IdempotentResult:
        """Queue the failed work again.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_failed`; `nothing_to_retry`: no failed job is left or its input is gone; or
                `idempotency_key_spent`.
            Rejected: the idempotency key is malformed or was used for a different request.
            Unavailable: the bucket or the database did not answer; nothing has changed.
        """
        request = None if key is None else idempotent_request(key, OPERATION, WorkRequest(video_id))
        return await self.run_once(owner, request, lambda: self._retry(owner, video_id, request))

    async def _retry(self, owner: UserId, video_id: VideoId, request: IdempotentRequest | None) -> Video:
        async with self.database.read() as work:
            video = require_owner(await work.videos.get(video_id), owner)
            jobs = await work.jobs.of_video(video_id)
        _require_failed(video)
        dead = _retryable(jobs)
        if not dead or not all([await self._has_input(video, job) for job in dead]):
            raise _nothing_to_retry()
        video, revived = await self._revive(video_id, dead, request)
        for job in revived:
            await self.dispatch(job)
        return video

    async def _revive(
        self, video_id: VideoId, dead: list[Job], request: IdempotentRequest | None
    ) -> tuple[Video, list[Job]]:
        async with self.database.write() as work:
            # Lock jobs before the video, in the same order as workers do.
            try:
                revived = [await work.jobs.revive(job.id) for job in sorted(dead, key=lambda job: job.id)]
            except JobUnavailable as error:
                raise _not_failed() from error  # A concurrent request has revived it.
            video = _require_failed(await work.videos.get(video_id)).retried(now=self.clock.now())
            await work.videos.save(video)
            if request is not None:
                await work.idempotency_keys.add(request.concerning(video, now=self.clock.now()))
            return video, revived

    async def _has_input(self, video: Video, job: Job) -> bool:
        if isinstance(job.payload, ImportPayload):
            return True
        try:
            info = await self.objects.head(_input_key(video, job))
        except ObjectNotFound:
            return False
        return not isinstance(job.payload, ProcessPayload) or info.etag == video.source.etag


def _retryable(jobs: list[Job]) -> list[Job]:
    """The dead jobs that a retry revives; of the transcription jobs only those of the latest run."""
    runs = {None, latest_run(jobs)}
    return [job for job in jobs if job.state is JobState.DEAD and job.kind in RETRIED_KINDS and run_of(job) in runs]


def _input_key(video: Video, job: Job) -> ObjectKey:
    """The key of the object that the job reads."""
    match job.payload:
        case TranscribePayload(audio_key):
            return audio_key
        case RetranscribePayload():
            return require_playable(video).main.key
        case _:
            return video.source.key


def _require_failed(video: Video) -> Video:
    if video.status is not VideoStatus.FAILED:
        raise _not_failed()
    return video


def _not_failed() -> Conflict:
    return Conflict("Only a failed video can be retried.", code="not_failed")


def _nothing_to_retry() -> Conflict:
    return Conflict("There is nothing left to retry; upload the video again.", code="nothing_to_retry")
