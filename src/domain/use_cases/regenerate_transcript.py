"""Ask for a new transcript."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.model.errors import Conflict, OwnCaptions
from domain.model.idempotency import IdempotentRequest, WorkRequest, idempotent_request
from domain.model.identity import UserId, VideoId
from domain.model.job import Job, RetranscribePayload
from domain.model.speech_hints import SpeechHints
from domain.model.stage import StageName
from domain.model.transcript import TranscriptOrigin
from domain.model.transcription import asked_again
from domain.model.transcription_runs import is_under_way, latest_run
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.forget_given_up import ForgetGivenUp
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.owe_once import OwedWork, OweOnce
from domain.use_cases.send_job import SendJob

OPERATION = "regenerate"


@dataclass(frozen=True, slots=True)
class RegenerateTranscript:
    """Have a video's speech transcribed anew, with a hint of its language and words that nobody would expect.

    - Any video that can be played will do; what is published is what is heard.
    - The transcript that is there is served until the new one takes its place.
    - A completed video stays completed; the stage `transcribe` tells how far the new run is. If that fails for good,
      the old transcript stays and a warning says so.
    - A video that had failed to be transcribed is taken up again, as by a retry, and all of it is heard anew.
    - It can be done so many times with one video: each run may have to be paid for.
    - Hints in the request take the place of those that the video has; without a body they stay.
    - A request that is repeated with its `Idempotency-Key` is answered with the video as it is now, and makes no second
      run.
    """

    database: Database
    clock: Clock
    jobs: JobMaker
    send: SendJob
    once: OweOnce
    forget: ForgetGivenUp
    max_runs: int
    is_enabled: bool

    async def __call__(
        self, owner: UserId, video_id: VideoId, hints: SpeechHints | None, *, key: str | None = None
    ) -> OwedWork:
        """Owe a new run.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_playable`, `transcription_disabled`, `own_captions`, `transcription_in_progress`,
                `too_many_regenerations` or `idempotency_key_spent`.
            Rejected: the idempotency key is malformed or stands for another request.
        """
        request = None if key is None else idempotent_request(key, OPERATION, WorkRequest(video_id, hints))
        return await self.once(owner, request, lambda: self._owe(owner, video_id, hints, request))

    async def _owe(
        self, owner: UserId, video_id: VideoId, hints: SpeechHints | None, request: IdempotentRequest | None
    ) -> Video:
        async with self.database.write() as work:
            video = (await work.videos.get(video_id)).require_owner(owner)
            jobs = await work.jobs.of_video(video_id)
            await self._require_possible(work, video, jobs)
            asked = asked_again(video, hints, now=self.clock.now())
            await work.videos.save(asked)
            owed = await work.jobs.add(self.jobs.new(video.id, RetranscribePayload(latest_run(jobs) + 1)))
            await self.forget(work, video, jobs)
            if request is not None:
                await work.idempotency_keys.add(request.asked(video, now=self.clock.now()))
        await self.send(owed)
        return asked

    async def _require_possible(self, work: UnitOfWork, video: Video, jobs: Collection[Job]) -> None:
        video.require_playable()
        if not self.is_enabled:
            raise Conflict("No transcriber is configured here.", code="transcription_disabled")
        if await work.transcripts.origin(video.id) is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
        if is_under_way(jobs) or not video.stage(StageName.TRANSCRIBE).state.is_settled:
            raise Conflict("This video is being transcribed.", code="transcription_in_progress")
        if latest_run(jobs) >= self.max_runs:
            raise Conflict(
                f"No more than {self.max_runs} new transcripts are made of a video.", code="too_many_regenerations"
            )
