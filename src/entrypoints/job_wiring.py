"""Wires the handlers of the jobs."""

from domain.model.job import JobKind
from domain.model.media import CompressionProfile, MediaPolicy
from domain.use_cases.compress_source import CompressSource
from domain.use_cases.erase_objects import EraseObjects
from domain.use_cases.job_handler import JobHandler, JobHandlers
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.prepare_transcription import PrepareTranscription
from domain.use_cases.process_video import ProcessVideo
from domain.use_cases.publish_video import PublishVideo
from domain.use_cases.send_job import SendJob
from domain.use_cases.skip_transcription import SkipTranscription
from domain.use_cases.transcribe_video import TranscribeVideo
from domain.use_cases.video_progress import VideoProgress
from entrypoints.adapters import Adapters
from entrypoints.settings import Settings


def handlers_of(adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob) -> JobHandlers:
    """Who does which kind of job."""
    progress = VideoProgress(adapters.database, adapters.clock)
    return JobHandlers(
        {
            JobKind.PROCESS: _process_video(adapters, settings, jobs, send, progress),
            JobKind.TRANSCRIBE: _transcribe_video(adapters, jobs, send, progress),
            JobKind.ERASE: EraseObjects(adapters.database, adapters.objects, adapters.multipart),
        }
    )


def _transcribe_video(adapters: Adapters, jobs: JobMaker, send: SendJob, progress: VideoProgress) -> JobHandler:
    if adapters.transcriber is None:
        return SkipTranscription(adapters.database, adapters.clock, jobs)
    return TranscribeVideo(
        adapters.database,
        adapters.objects,
        adapters.transcoder,
        adapters.transcriber,
        adapters.workspace,
        adapters.clock,
        jobs,
        send,
        progress,
    )


def _process_video(
    adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob, progress: VideoProgress
) -> ProcessVideo:
    database, objects, transcoder, clock = adapters.database, adapters.objects, adapters.transcoder, adapters.clock
    profile = CompressionProfile(
        crf=settings.compression_crf,
        max_height=settings.compression_max_height,
        max_frame_rate=settings.compression_max_frame_rate,
        preset=settings.compression_preset,
        audio_bitrate_kbps=settings.compression_audio_kbps,
    )
    return ProcessVideo(
        objects,
        transcoder,
        adapters.workspace,
        clock,
        jobs,
        progress,
        MediaPolicy(max_duration_s=settings.max_video_seconds),
        CompressSource(transcoder, clock, progress, profile),
        PrepareTranscription(
            database, objects, transcoder, clock, jobs, send, progress, is_enabled=adapters.transcriber is not None
        ),
        PublishVideo(database, objects, clock, jobs, send, progress),
    )
