"""Request a new transcript."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.model.access.idempotency import IdempotentRequest, WorkRequest, idempotent_request
from domain.model.errors import Conflict, OwnCaptions
from domain.model.ids import UserId, VideoId
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import RetranscribePayload
from domain.model.jobs.transcription_runs import is_in_progress, latest_run
from domain.model.stage import StageName
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.guards import require_owner, require_playable
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.access.once import IdempotentResult, RunOnce
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.transcripts.discard_failed_runs import DiscardFailedRuns

OPERATION = "regenerate"


@dataclass(frozen=True, slots=True)
class RegenerateTranscript:
    """Transcribe a video again, optionally with its language and unusual words (`keywords`).

    - The video must be playable. The published rendition or original is transcribed.
    - The current transcript is served until the new one replaces it.
    - A completed video stays completed; the stage `transcribe` shows the progress of the new run. If the run fails
      permanently, the current transcript stays and the video gets a warning.
    - A failed video is retried as well, but all of its speech is transcribed again.
    - The number of regenerations per video is limited, because each one may cost money.
    - The language and keywords in the request replace those of the video; without a request body, the video keeps its
      own.
    - Repeating the request with its `Idempotency-Key` returns the video as it is now and starts no second run.
    """

    database: Database
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob
    run_once: RunOnce
    discard_failed_runs: DiscardFailedRuns
    max_runs: int
    is_enabled: bool

    async def __call__(
        self, owner: UserId, video_id: VideoId, hints: SpeechHints | None, *, key: str | None = None
    ) -> IdempotentResult:
        """Queue a new run.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable`, `transcription_disabled`, `own_captions`, `transcription_in_progress`,
                `too_many_regenerations` or `idempotency_key_spent`.
            Rejected: the idempotency key is malformed or was used for a different request.
        """
        request = None if key is None else idempotent_request(key, OPERATION, WorkRequest(video_id, hints))
        return await self.run_once(owner, request, lambda: self._enqueue(owner, video_id, hints, request))

    async def _enqueue(
        self, owner: UserId, video_id: VideoId, hints: SpeechHints | None, request: IdempotentRequest | None
    ) -> Video:
        async with self.database.write() as work:
            video = require_owner(await work.videos.get(video_id), owner)
            jobs = await work.jobs.of_video(video_id)
            await self._require_possible(work, video, jobs)
            changed = video.transcription_requested(hints, now=self.clock.now())
            await work.videos.save(changed)
            job = await work.jobs.add(self.jobs.new(video.id, RetranscribePayload(latest_run(jobs) + 1)))
            await self.discard_failed_runs(work, video, jobs)
            if request is not None:
                await work.idempotency_keys.add(request.concerning(video, now=self.clock.now()))
        await self.dispatch(job)
        return changed

    async def _require_possible(self, work: UnitOfWork, video: Video, jobs: Collection[Job]) -> None:
        require_playable(video)
        if not self.is_enabled:
            raise Conflict("No transcriber is configured on this server.", code="transcription_disabled")
        if await work.transcripts.origin(video.id) is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
        if is_in_progress(jobs) or not video.stage(StageName.TRANSCRIBE).state.is_settled:
            raise Conflict("This video is being transcribed.", code="transcription_in_progress")
        if latest_run(jobs) >= self.max_runs:
            raise Conflict(
                f"The transcript of a video can be regenerated {self.max_runs} times.", code="too_many_regenerations"
            )
