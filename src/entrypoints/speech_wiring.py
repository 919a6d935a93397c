"""Wires what becomes of a video's speech."""

import asyncio

from domain.model.job import JobKind
from domain.ports.transcriber import Transcriber
from domain.use_cases.fail_transcription import FailTranscription
from domain.use_cases.hear_chunks import HearChunks
from domain.use_cases.job_handler import JobHandler
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.prepare_transcription import PrepareTranscription
from domain.use_cases.retranscribe_video import RetranscribeVideo
from domain.use_cases.save_transcript import SaveTranscript
from domain.use_cases.send_job import SendJob
from domain.use_cases.skip_transcription import SkipTranscription
from domain.use_cases.transcribe_video import TranscribeVideo
from domain.use_cases.video_progress import VideoProgress
from entrypoints.adapters import Adapters
from entrypoints.settings import Settings
from entrypoints.speech_settings import chunks_at_once, general_hints


def prepare_transcription(
    adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob, progress: VideoProgress
) -> PrepareTranscription:
    """Who takes the speech track out of a file."""
    return PrepareTranscription(
        adapters.database,
        adapters.objects,
        adapters.transcoder,
        adapters.clock,
        jobs,
        send,
        progress,
        SaveTranscript(adapters.clock),
        is_enabled=adapters.transcriber is not None,
        max_audio_s=settings.max_transcription_minutes * 60.0,
    )


def speech_handlers(
    adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob, prepare: PrepareTranscription
) -> dict[JobKind, JobHandler]:
    """Who does the jobs that are about speech alone; without a transcriber, nobody."""
    if adapters.transcriber is None:
        skip = SkipTranscription(adapters.database, adapters.clock, jobs)
        return {JobKind.TRANSCRIBE: skip, JobKind.RETRANSCRIBE: skip}
    fail = FailTranscription(adapters.clock, jobs)
    return {
        JobKind.TRANSCRIBE: TranscribeVideo(
            adapters.database,
            adapters.objects,
            adapters.workspace,
            jobs,
            send,
            prepare.progress,
            _hear_chunks(adapters, adapters.transcriber, settings),
            prepare.save,
            fail,
            general_hints(settings),
        ),
        JobKind.RETRANSCRIBE: RetranscribeVideo(
            adapters.objects,
            adapters.transcoder,
            adapters.workspace,
            adapters.clock,
            prepare.progress,
            prepare,
            fail,
        ),
    }


def _hear_chunks(adapters: Adapters, transcriber: Transcriber, settings: Settings) -> HearChunks:
    at_once = chunks_at_once(settings)
    return HearChunks(
        adapters.database,
        adapters.transcoder,
        transcriber,
        adapters.clock,
        asyncio.Semaphore(at_once),
        at_once,
        patience_s=settings.transcription_timeout_seconds,
    )
