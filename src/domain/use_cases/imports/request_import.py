"""Request the import of a video from YouTube."""

from dataclasses import dataclass, replace

from domain.model.access.idempotency import IdempotentRequest, idempotent_request, key_in_use
from domain.model.errors import AlreadyExists
from domain.model.ids import UserId, VideoId
from domain.model.imports.youtube import (
    IMPORT_CONTENT_TYPE,
    IMPORT_EXTENSION,
    ImportRequest,
    YouTubeId,
    imported_filename,
    parse_youtube_url,
)
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ImportPayload
from domain.model.object_key import source_key
from domain.model.transcripts.hints import SpeechHints, speech_hints
from domain.model.uploads.labels import Labels, accepted_labels
from domain.model.uploads.original_policy import OriginalChoice, original_choice
from domain.model.videos.source import Source
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.videos.register_videos import NewVideo, RegisterVideos

OPERATION = "youtube"


@dataclass(frozen=True, slots=True)
class RequestedImport:
    """The video to import; `is_replay` if an earlier request with the same key created it."""

    video: Video
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class RequestImport:
    """Import a video from YouTube.

    - `url` is any common form of the URL of one video, or its 11-character id.
    - A worker downloads the video; the stage `upload` shows its progress. The file is then processed like an uploaded
      one, under the same limits.
    - The size counts against the quota once the video has been downloaded. If YouTube does not provide the video,
      `failure.code` says why.
    - Without a `title`, the title becomes the name of the downloaded file, which YouTube's title gives.
    - `original` and `keep_days` say what becomes of the downloaded file, as for an upload.
    - An import can be cancelled and deleted like an upload. The client does not report it complete.
    - Repeating the request with its `Idempotency-Key` gives the same answer and creates no second video.
    """

    database: Database
    register: RegisterVideos
    lookup: IdempotencyLookup
    clock: Clock
    ids: IdGenerator
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, requested: ImportRequest, *, key: str | None = None) -> RequestedImport:
        """Store the video and queue its import.

        Raises:
            Rejected: `invalid_youtube_url`, `invalid_language`, `invalid_keywords`, `invalid_original`,
                `invalid_title`, `invalid_external_id` or `invalid_metadata`, or the idempotency key is malformed or was
                used for a different request.
            QuotaExceeded: the owner's quota has no room for it.
            Conflict: `idempotency_key_in_use` or `idempotency_key_spent`.
            Unavailable: the database failed.
        """
        youtube_id, hints = parse_youtube_url(requested.url), speech_hints(requested.language, requested.keywords)
        video = self._video(
            owner,
            youtube_id,
            hints,
            original_choice(requested.original, requested.keep_days),
            accepted_labels(requested.title, requested.external_id, requested.metadata),
        )
        # Two forms of one video's URL are the same request.
        request = None if key is None else idempotent_request(key, OPERATION, replace(requested, url=youtube_id))
        if request is not None and (earlier := await self.lookup(owner, request)) is not None:
            return RequestedImport(earlier, is_replay=True)
        try:
            video, job = await self._added(video, request)
        except AlreadyExists as error:
            earlier = None if request is None else await self.lookup(owner, request)
            if earlier is None:
                # The request that held the key has just freed it.
                raise (error if request is None else key_in_use()) from None
            return RequestedImport(earlier, is_replay=True)
        await self.dispatch(job)
        return RequestedImport(video)

    def _video(
        self,
        owner: UserId,
        youtube_id: YouTubeId,
        hints: SpeechHints,
        original: OriginalChoice | None,
        labels: Labels,
    ) -> Video:
        video_id, now = VideoId(self.ids.new_id()), self.clock.now()
        source = Source(
            # Nothing is stored under this key: each attempt uses a different one.
            key=source_key(owner, video_id, IMPORT_EXTENSION),
            filename=imported_filename(None, youtube_id),
            content_type=IMPORT_CONTENT_TYPE,
            size_bytes=0,
            youtube_id=youtube_id,
        )
        return Video.granted(
            video_id=video_id,
            owner=owner,
            source=source,
            now=now,
            upload_expires_at=now,
            speech_hints=hints,
            original_choice=original,
            labels=labels,
        )

    async def _added(self, video: Video, request: IdempotentRequest | None) -> tuple[Video, Job]:
        async with self.database.write() as work:
            await self.register.in_transaction(
                work, NewVideo(video, None if request is None else request.creating(video))
            )
            return video, await work.jobs.add(self.jobs.new(video.id, ImportPayload()))
