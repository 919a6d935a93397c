"""Replace a video's captions with ones that its owner uploads."""

import asyncio
from dataclasses import dataclass

from domain.model.captions.parser import read_captions
from domain.model.ids import UserId, VideoId
from domain.model.transcripts.hints import speech_hints
from domain.model.transcripts.transcript import Transcript, TranscriptOrigin
from domain.model.videos.guards import require_open_upload, require_owner, require_uploaded
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.transcripts.discard_failed_runs import DiscardFailedRuns

MAX_CAPTIONS_BYTES = 5 * 1024**2


@dataclass(frozen=True, slots=True)
class ReplaceCaptions:
    """Upload captions, WebVTT or SubRip, that replace the video's current ones.

    - Captions can be uploaded at any time after the upload is complete. Their times, text and line breaks are served
      unchanged, without markup.
    - Transcription never overwrites them. A running transcription stops, and its stage becomes `skipped`.
    - A video that failed only because it could not be transcribed becomes `completed`.
    - To have the speech transcribed again, delete the captions first.
    """

    database: Database
    clock: Clock
    discard_failed_runs: DiscardFailedRuns

    async def __call__(self, owner: UserId, video_id: VideoId, content: bytes, *, language: str | None) -> Video:
        """Save the captions.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Rejected: `invalid_captions`, with the line; `invalid_language`.
            Conflict: `upload_closed`, or `invalid_transition`: the upload is not complete.
        """
        language = speech_hints(language).language
        async with self.database.read() as work:
            require_owner(await work.videos.get(video_id), owner)
        # Parsing megabytes of text takes a while; in a thread it does not block other requests.
        cues = await asyncio.to_thread(read_captions, content)
        text = " ".join(cue.text for cue in cues)
        transcript = Transcript(video_id, language, text, cues, TranscriptOrigin.UPLOADED)
        async with self.database.write() as work:
            video = require_open_upload(require_owner(await work.videos.get(video_id), owner))
            require_uploaded(video)
            await work.transcripts.save(transcript)
            changed = video.captions_replaced(language=language, now=self.clock.now())
            await work.videos.save(changed)
            if changed.status is VideoStatus.COMPLETED:  # A completed video can't be retried.
                await self.discard_failed_runs(work, changed, await work.jobs.of_video(video_id))
        return changed
