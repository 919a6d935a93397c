"""Wires the handlers of the jobs."""

from domain.model.job import JobKind
from domain.model.media import MediaPolicy
from domain.use_cases.compress_source import CompressSource
from domain.use_cases.draw_pictures import DrawPictures
from domain.use_cases.erase_objects import EraseObjects
from domain.use_cases.job_handler import JobHandlers
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.make_rendition import MakeRendition
from domain.use_cases.prepare_transcription import PrepareTranscription
from domain.use_cases.process_video import ProcessVideo
from domain.use_cases.publish_video import PublishVideo
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress
from entrypoints.adapters import Adapters
from entrypoints.compression_settings import compression_profile
from entrypoints.import_wiring import import_video
from entrypoints.settings import Settings
from entrypoints.speech_wiring import prepare_transcription, speech_handlers


def handlers_of(adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob) -> JobHandlers:
    """Who does which kind of job."""
    progress = VideoProgress(adapters.database, adapters.clock)
    prepare = prepare_transcription(adapters, settings, jobs, send, progress)
    return JobHandlers(
        {
            JobKind.IMPORT: import_video(adapters, settings, jobs, send, progress),
            JobKind.PROCESS: _process_video(adapters, settings, jobs, send, prepare),
            **speech_handlers(adapters, settings, jobs, send, prepare),
            JobKind.ERASE: EraseObjects(adapters.database, adapters.objects, adapters.multipart),
        }
    )


def _process_video(
    adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob, prepare: PrepareTranscription
) -> ProcessVideo:
    progress = prepare.progress
    database, objects, transcoder, clock = adapters.database, adapters.objects, adapters.transcoder, adapters.clock
    make_rendition = MakeRendition(transcoder, compression_profile(settings))
    return ProcessVideo(
        objects,
        transcoder,
        adapters.workspace,
        clock,
        jobs,
        progress,
        MediaPolicy(max_duration_s=settings.max_video_seconds),
        CompressSource(make_rendition, clock, progress),
        prepare,
        PublishVideo(database, objects, clock, jobs, send, progress, DrawPictures(transcoder, clock, progress)),
    )
