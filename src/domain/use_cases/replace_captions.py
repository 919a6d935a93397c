"""Take captions that the owner of a video has made."""

import asyncio
from dataclasses import dataclass

from domain.model.caption_reading import read_captions
from domain.model.identity import UserId, VideoId
from domain.model.lifecycle import VideoStatus
from domain.model.speech_hints import speech_hints
from domain.model.transcript import Transcript, TranscriptOrigin
from domain.model.transcription import captioned
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.forget_given_up import ForgetGivenUp

MAX_CAPTIONS_BYTES = 5 * 1024**2


@dataclass(frozen=True, slots=True)
class ReplaceCaptions:
    """Give a video captions of its owner's own, WebVTT or SubRip, in place of what was there.

    - They may come at any time after the upload, and are served with the times, words and line breaks that they have.
    - No transcription overwrites them, one that is under way neither: it hears nothing more and ends `skipped`.
    - A video that could not be transcribed has nothing left that failed: it is completed.
    - Delete them to have the speech transcribed again.
    """

    database: Database
    clock: Clock
    forget: ForgetGivenUp

    async def __call__(self, owner: UserId, video_id: VideoId, content: bytes, *, language: str | None) -> Video:
        """Save them.

        Raises:
            VideoNotFound: no such video of this owner.
            Rejected: `invalid_captions`, with the line; `invalid_language`.
            Conflict: `upload_closed`, or `invalid_transition`: nothing was uploaded (yet).
        """
        language = speech_hints(language).language
        async with self.database.read() as work:
            (await work.videos.get(video_id)).require_owner(owner)
        # Megabytes of text take a while: others are served meanwhile.
        cues = await asyncio.to_thread(read_captions, content)
        text = " ".join(cue.text for cue in cues)
        transcript = Transcript(video_id, language, text, cues, TranscriptOrigin.UPLOADED)
        async with self.database.write() as work:
            video = (await work.videos.get(video_id)).require_owner(owner).require_open_upload()
            video.require_uploaded()
            await work.transcripts.save(transcript)
            given = captioned(video, now=self.clock.now())
            await work.videos.save(given)
            if given.status is VideoStatus.COMPLETED:  # Such a video knows no retry.
                await self.forget(work, given, await work.jobs.of_video(video_id))
        return given
