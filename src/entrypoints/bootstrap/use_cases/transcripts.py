"""Wires transcription, and changes of a transcript."""

import asyncio

from domain.model.jobs.payloads import JobKind
from domain.ports.transcriber import Transcriber
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.access.once import RunOnce
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.transcripts.choose_language import ChooseLanguage
from domain.use_cases.transcripts.discard_failed_runs import DiscardFailedRuns
from domain.use_cases.transcripts.extract_speech import ExtractSpeech
from domain.use_cases.transcripts.fail_transcription import FailTranscription
from domain.use_cases.transcripts.prepare_transcription import PrepareTranscription
from domain.use_cases.transcripts.regenerate_transcript import RegenerateTranscript
from domain.use_cases.transcripts.remove_captions import RemoveCaptions
from domain.use_cases.transcripts.replace_captions import ReplaceCaptions
from domain.use_cases.transcripts.save_transcript import SaveTranscript
from domain.use_cases.transcripts.skip_transcription import SkipTranscription
from domain.use_cases.transcripts.transcribe_chunks import TranscribeChunks
from domain.use_cases.transcripts.transcribe_video import TranscribeVideo
from entrypoints.application import Transcripts
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.transcription import TranscriptionSettings


def transcript_changes(
    adapters: Adapters, transcription: TranscriptionSettings, *, jobs: JobFactory, dispatch: DispatchJob
) -> Transcripts:
    """Wire the use cases that change a transcript."""
    database, clock, discard_failed_runs = adapters.database, adapters.clock, DiscardFailedRuns(jobs=jobs)
    return Transcripts(
        regenerate=RegenerateTranscript(
            database=database,
            clock=clock,
            jobs=jobs,
            dispatch=dispatch,
            run_once=RunOnce(lookup=IdempotencyLookup(database=database)),
            discard_failed_runs=discard_failed_runs,
            max_runs=transcription.max_regenerations_per_video,
            is_enabled=adapters.transcriber is not None,
        ),
        replace=ReplaceCaptions(database=database, clock=clock, discard_failed_runs=discard_failed_runs),
        remove=RemoveCaptions(database=database, clock=clock),
    )


def prepare_transcription(
    adapters: Adapters,
    transcription: TranscriptionSettings,
    *,
    jobs: JobFactory,
    dispatch: DispatchJob,
    progress: StageReporter,
) -> PrepareTranscription:
    """Wire the extraction of the speech of a video."""
    return PrepareTranscription(
        database=adapters.database,
        objects=adapters.objects,
        transcoder=adapters.transcoder,
        clock=adapters.clock,
        jobs=jobs,
        dispatch=dispatch,
        progress=progress,
        save=SaveTranscript(clock=adapters.clock),
        is_enabled=adapters.transcriber is not None,
        max_audio_s=transcription.max_audio_s,
    )


def transcription_handlers(
    adapters: Adapters,
    transcription: TranscriptionSettings,
    *,
    jobs: JobFactory,
    dispatch: DispatchJob,
    prepare: PrepareTranscription,
) -> dict[JobKind, JobHandler]:
    """Wire the handlers of jobs that concern speech alone; without a transcriber, they skip their jobs."""
    if adapters.transcriber is None:
        skip = SkipTranscription(database=adapters.database, clock=adapters.clock, jobs=jobs)
        return {JobKind.TRANSCRIBE: skip, JobKind.RETRANSCRIBE: skip}
    fail = FailTranscription(clock=adapters.clock, jobs=jobs)
    calls = asyncio.Semaphore(transcription.concurrency)
    return {
        JobKind.TRANSCRIBE: TranscribeVideo(
            database=adapters.database,
            objects=adapters.objects,
            workspace=adapters.workspace,
            jobs=jobs,
            dispatch=dispatch,
            progress=prepare.progress,
            choose_language=ChooseLanguage(
                transcoder=adapters.transcoder,
                transcriber=adapters.transcriber,
                calls=calls,
                defaults=transcription.hints,
            ),
            transcribe_chunks=_transcribe_chunks(adapters, adapters.transcriber, transcription, calls),
            save=prepare.save,
            fail=fail,
            hints=transcription.hints,
        ),
        JobKind.RETRANSCRIBE: ExtractSpeech(
            objects=adapters.objects,
            transcoder=adapters.transcoder,
            workspace=adapters.workspace,
            clock=adapters.clock,
            progress=prepare.progress,
            prepare=prepare,
            fail=fail,
        ),
    }


def _transcribe_chunks(
    adapters: Adapters, transcriber: Transcriber, transcription: TranscriptionSettings, calls: asyncio.Semaphore
) -> TranscribeChunks:
    return TranscribeChunks(
        database=adapters.database,
        transcoder=adapters.transcoder,
        transcriber=transcriber,
        clock=adapters.clock,
        calls=calls,
        concurrency=transcription.concurrency,
        drain_timeout_s=transcription.transcription_timeout_seconds,
    )
