"""Turn a speech track into a transcript."""

from dataclasses import dataclass, replace
from pathlib import Path

from domain.model.errors import OwnCaptions, Rejected
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload, TranscribePayload
from domain.model.stage import StageName
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.language_vote import spoken_language
from domain.model.transcripts.recognition import doubt_about, recognised
from domain.model.transcripts.speech_intervals import MAX_SPAN_S
from domain.model.transcripts.transcript import Transcript, TranscriptOrigin, assemble
from domain.model.videos.video import Video
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.progress import OnProgress
from domain.ports.workspace import Workspace
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.transcripts.choose_language import ChooseLanguage
from domain.use_cases.transcripts.fail_transcription import FailTranscription
from domain.use_cases.transcripts.save_transcript import SaveTranscript
from domain.use_cases.transcripts.transcribe_chunks import ChunkRun, TranscribeChunks

_WAV_BYTES_PER_S = 32_000


@dataclass(frozen=True, slots=True)
class TranscribeVideo(JobHandler):
    """Transcribe a video chunk by chunk.

    - It reads only the small speech track, so it can run while the video is compressed.
    - The language is chosen once for the whole video.
    - Every finished chunk is saved; a retry transcribes only the missing ones, in the same language.
    - Words that the transcriber is in doubt about are left out, and if that is most of the speech, all of them: the
      video is completed with the warning `speech_not_recognised`. The same happens if the transcriber does not know the
      language that the client gave. If there is an earlier transcript then, it stays.
    - An earlier transcript is served until the new one is complete.
    - If the owner uploads captions in the meantime, the captions are kept, no more chunks are transcribed, and the
      finished chunks are discarded.
    - If every attempt fails, the video stays playable, with a failure or a warning that gives the reason.
    """

    database: Database
    objects: ObjectStore
    workspace: Workspace
    jobs: JobFactory
    dispatch: DispatchJob
    progress: StageReporter
    choose_language: ChooseLanguage
    transcribe_chunks: TranscribeChunks
    save: SaveTranscript
    fail: FailTranscription
    hints: SpeechHints

    async def __call__(self, job: Job) -> None:
        """Make one attempt at the transcript."""
        payload = job.payload_as(TranscribePayload)
        transcript: Transcript | None = Transcript(job.video_id, language=None, text="", cues=())
        doubt: str | None = None
        try:
            transcript, doubt = await self._transcribe(job, payload)
        except OwnCaptions:
            transcript = None
        except Rejected as error:
            if error.code != "language_unsupported":
                raise
            doubt = error.detail
        await self.dispatch(await self._end(job, payload, transcript, doubt))

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Fail the stage, and the video too unless it is already completed."""
        await self.fail(work, job, error)

    async def _transcribe(self, job: Job, payload: TranscribePayload) -> tuple[Transcript, str | None]:
        video = await self._load_video(job)
        hints = video.speech_hints.merged_with_defaults(self.hints)
        async with self.progress.stage(job, StageName.TRANSCRIBE, amount=payload.audio_s) as on_progress:
            run = await self._load(job, payload, hints, on_progress)
            run.report_progress()
            if run.missing:
                await self._transcribe_missing(run, video)
        return _assembled(run)

    async def _load_video(self, job: Job) -> Video:
        async with self.database.read() as work:
            video = await work.videos.get(job.video_id)
            origin = await work.transcripts.origin(video.id)
        if origin is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
        return video

    async def _load(
        self, job: Job, payload: TranscribePayload, hints: SpeechHints, on_progress: OnProgress
    ) -> ChunkRun:
        async with self.database.read() as work:
            return ChunkRun(job, payload, hints, on_progress, await work.transcripts.chunks(job.id))

    async def _transcribe_missing(self, run: ChunkRun, video: Video) -> None:
        key = run.payload.audio_key
        info = await self.objects.head(key)
        needed_bytes = info.size_bytes + int(self.transcribe_chunks.concurrency * MAX_SPAN_S * _WAV_BYTES_PER_S)
        async with self.workspace.folder(needed_bytes=needed_bytes) as folder:
            audio: Path = folder / "audio.ogg"
            await self.objects.download(key, audio, etag=info.etag, on_progress=lambda _percent: None)
            spoken = run.earlier_language or await self.choose_language(video, run.payload.spans, audio)
            await self.transcribe_chunks(replace(run, spoken=spoken), audio)

    async def _end(self, job: Job, payload: TranscribePayload, transcript: Transcript | None, doubt: str | None) -> Job:
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            await self.save(work, job.video_id, transcript, doubt=doubt)
            await work.transcripts.delete_chunks(job.id)
            return await work.jobs.add(self.jobs.new(job.video_id, ErasePayload(keys=(payload.audio_key,))))


def _assembled(run: ChunkRun) -> tuple[Transcript, str | None]:
    """The transcript, and what could not be recognised."""
    chunks = [(span, run.known[index]) for index, span in enumerate(run.payload.spans)]
    kept = recognised(chunks)
    transcript = assemble(run.job.video_id, kept)
    held = run.earlier_language
    language = spoken_language(kept) or (held.code if held is not None and transcript.text else run.hints.language)
    return replace(transcript, language=language), doubt_about(chunks)
