"""Have a video fetched from YouTube."""

from dataclasses import dataclass, replace

from domain.model.errors import AlreadyExists
from domain.model.idempotency import IdempotentRequest, idempotent_request, in_use
from domain.model.identity import UserId, VideoId
from domain.model.job import ImportPayload, Job
from domain.model.object_key import source_key
from domain.model.source import Source
from domain.model.speech_hints import SpeechHints, speech_hints
from domain.model.video import Video
from domain.model.youtube import (
    IMPORT_CONTENT_TYPE,
    IMPORT_EXTENSION,
    ImportRequest,
    YouTubeId,
    imported_filename,
    parse_youtube_url,
)
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator
from domain.use_cases.admit_video import AdmitVideo, NewVideo
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.recall_request import RecallRequest
from domain.use_cases.send_job import SendJob

OPERATION = "youtube"


@dataclass(frozen=True, slots=True)
class BegunImport:
    """The video that is to be fetched; `is_replay` when an earlier request had asked for it already."""

    video: Video
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class BeginImport:
    """Import a video from YouTube.

    - The URL may be any of one video's, in any of the spellings in use, or its bare id of 11 characters.
    - A worker fetches the video: `status` and the stage `upload` tell how far it has come. From then on it is a video
      like any other, with the same limits on what is taken.
    - Its size is known, and counted, when it has been fetched. Of what YouTube does not give, `failure.code` tells why.
    - It can be cancelled and deleted like an upload; there is nothing to be reported complete.
    - A request that is repeated with its `Idempotency-Key` gets the same answer and makes no second video.
    """

    database: Database
    admit: AdmitVideo
    recall: RecallRequest
    clock: Clock
    ids: IdGenerator
    jobs: JobMaker
    send: SendJob

    async def __call__(self, owner: UserId, asked: ImportRequest, *, key: str | None = None) -> BegunImport:
        """Remember the video and owe its fetching.

        Raises:
            Rejected: `invalid_youtube_url`, `invalid_language` or `invalid_keywords`, or the idempotency key is
                malformed or stands for another request.
            QuotaExceeded: the owner has no room for it.
            Conflict: `idempotency_key_in_use` or `idempotency_key_spent`.
            Unavailable: the database did not take it.
        """
        youtube_id, hints = parse_youtube_url(asked.url), speech_hints(asked.language, asked.keywords)
        # Two spellings of one URL ask for the same.
        request = None if key is None else idempotent_request(key, OPERATION, replace(asked, url=youtube_id))
        if request is not None and (made := await self.recall(owner, request)) is not None:
            return BegunImport(made, is_replay=True)
        try:
            video, job = await self._added(self._video(owner, youtube_id, hints), request)
        except AlreadyExists as error:
            made = None if request is None else await self.recall(owner, request)
            if made is None:
                # Whoever had the key has given it back just now.
                raise (error if request is None else in_use()) from None
            return BegunImport(made, is_replay=True)
        await self.send(job)
        return BegunImport(video)

    def _video(self, owner: UserId, youtube_id: YouTubeId, hints: SpeechHints) -> Video:
        video_id, now = VideoId(self.ids.new_id()), self.clock.now()
        source = Source(
            # Nothing is ever stored there: each attempt has a key of its own.
            key=source_key(owner, video_id, IMPORT_EXTENSION),
            filename=imported_filename(None, youtube_id),
            content_type=IMPORT_CONTENT_TYPE,
            size_bytes=0,
            youtube_id=youtube_id,
        )
        return Video.granted(
            video_id=video_id, owner=owner, source=source, now=now, upload_expires_at=now, speech_hints=hints
        )

    async def _added(self, video: Video, request: IdempotentRequest | None) -> tuple[Video, Job]:
        async with self.database.write() as work:
            await self.admit.within(work, NewVideo(video, None if request is None else request.made(video)))
            return video, await work.jobs.add(self.jobs.new(video.id, ImportPayload()))
