"""Wires every use case of the application over adapters: real ones in production, fakes in tests."""

from domain.model.jobs.payloads import JobKind
from domain.model.media.acceptance import MediaPolicy
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.access.once import RunOnce
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandlers
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.media.request_poster import RequestPoster
from domain.use_cases.operations.check_health import CheckHealth
from domain.use_cases.retention.erase_objects import EraseObjects
from domain.use_cases.transcripts.get_transcript import GetTranscript
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.videos.delete_video import DeleteVideo
from domain.use_cases.videos.edit_video import EditVideo
from domain.use_cases.videos.get_video import GetVideo
from domain.use_cases.videos.list_videos import ListVideos
from domain.use_cases.videos.retry_video import RetryVideo
from domain.use_cases.videos.sign_video import SignVideo
from entrypoints.application import Application
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.use_cases.events import event_streams
from entrypoints.bootstrap.use_cases.http_options import client_options, http_options, rate_limit_policy
from entrypoints.bootstrap.use_cases.imports import import_video, request_import
from entrypoints.bootstrap.use_cases.jobs import run_job, sweep_jobs
from entrypoints.bootstrap.use_cases.media import make_poster, process_video
from entrypoints.bootstrap.use_cases.operations import operations
from entrypoints.bootstrap.use_cases.playback import get_original, get_playback, get_track, playback_tokens
from entrypoints.bootstrap.use_cases.retention import clean_up
from entrypoints.bootstrap.use_cases.search import index_transcripts, search
from entrypoints.bootstrap.use_cases.transcripts import (
    prepare_transcription,
    transcript_changes,
    transcription_handlers,
)
from entrypoints.bootstrap.use_cases.uploads import upload_protocol
from entrypoints.bootstrap.use_cases.web import web_page
from entrypoints.bootstrap.use_cases.webhooks import deliver_webhooks, expire_deliveries, webhooks
from entrypoints.config.settings import Settings


def wire(adapters: Adapters, settings: Settings) -> Application:
    """Wire the use cases; each feature's module gets only the settings that it needs."""
    database, objects, clock = adapters.database, adapters.objects, adapters.clock
    jobs = JobFactory(ids=adapters.ids, max_attempts=settings.jobs.max_attempts)
    dispatch = DispatchJob(database=database, queue=adapters.queue)
    abort = AbortUpload(clock=clock, jobs=jobs)
    quota = settings.limits.quota
    playback = get_playback(adapters, settings.playback)
    retry_video = RetryVideo(
        database=database,
        objects=objects,
        clock=clock,
        dispatch=dispatch,
        run_once=RunOnce(lookup=IdempotencyLookup(database=database)),
    )
    handlers = _job_handlers(adapters, settings, jobs=jobs, dispatch=dispatch)
    return Application(
        uploads=upload_protocol(adapters, settings.uploads, quota=quota, abort=abort, jobs=jobs, dispatch=dispatch),
        events=event_streams(adapters, settings.streams),
        request_import=request_import(adapters, quota=quota, jobs=jobs, dispatch=dispatch),
        retry_video=retry_video,
        operations=operations(adapters, settings, retry_video=retry_video, dispatch=dispatch),
        get_video=GetVideo(database=database),
        list_videos=ListVideos(database=database),
        edit_video=EditVideo(database=database, clock=clock),
        sign_video=SignVideo(signer=adapters.playback_signer, clock=clock, lifetime=settings.playback.lifetime),
        delete_video=DeleteVideo(database=database, clock=clock, jobs=jobs, dispatch=dispatch),
        get_transcript=GetTranscript(database=database),
        transcripts=transcript_changes(adapters, settings.transcription, jobs=jobs, dispatch=dispatch),
        search=search(adapters),
        get_playback=playback,
        request_poster=RequestPoster(database=database, jobs=jobs, dispatch=dispatch),
        get_original=get_original(adapters, settings.playback),
        get_track=get_track(adapters, playback),
        playback_tokens=playback_tokens(adapters, settings.playback),
        check_health=CheckHealth(database=database, objects=objects),
        run_job=run_job(adapters, settings.jobs, handlers=handlers),
        sweep_jobs=sweep_jobs(adapters, settings.jobs, handlers=handlers, is_alone=settings.is_alone),
        clean_up=clean_up(
            adapters,
            settings.maintenance,
            abandoned_after_s=settings.uploads.abandoned_upload_seconds,
            abort=abort,
            dispatch=dispatch,
            expire_deliveries=expire_deliveries(adapters, settings.webhooks),
        ),
        tokens=adapters.tokens,
        rate_limits=rate_limit_policy(settings.limits, limiter=adapters.rate_limits),
        options=http_options(settings),
        page=web_page(adapters, settings),
        client_options=client_options(settings, has_transcriber=adapters.transcriber is not None),
        bucket_gateway=adapters.bucket_gateway,
        webhooks=webhooks(adapters, settings.webhooks, dispatch=dispatch),
        bus=adapters.bus,
    )


def _job_handlers(adapters: Adapters, settings: Settings, *, jobs: JobFactory, dispatch: DispatchJob) -> JobHandlers:
    """Wire one handler for every kind of job."""
    limits, transcription = settings.limits, settings.transcription
    progress = StageReporter(database=adapters.database, clock=adapters.clock, bus=adapters.bus)
    prepare = prepare_transcription(adapters, transcription, jobs=jobs, dispatch=dispatch, progress=progress)
    return JobHandlers(
        by_kind={
            JobKind.IMPORT: import_video(
                adapters,
                settings.imports,
                limits=settings.imports.limits(
                    max_upload_bytes=settings.uploads.max_upload_bytes, max_video_s=limits.max_video_seconds
                ),
                quota=limits.quota,
                jobs=jobs,
                dispatch=dispatch,
                progress=progress,
            ),
            JobKind.PROCESS: process_video(
                adapters,
                profile=settings.compression.profile,
                policy=MediaPolicy(max_duration_s=limits.max_video_seconds),
                original=settings.originals.choice,
                prepare=prepare,
            ),
            **transcription_handlers(adapters, transcription, jobs=jobs, dispatch=dispatch, prepare=prepare),
            JobKind.POSTER: make_poster(adapters, jobs=jobs, old_stays_s=settings.playback.lifetime.signed_s),
            JobKind.ERASE: EraseObjects(
                database=adapters.database, objects=adapters.objects, multipart=adapters.multipart
            ),
            JobKind.INDEX: index_transcripts(adapters, jobs=jobs, dispatch=dispatch),
            JobKind.DELIVER: deliver_webhooks(adapters, settings.webhooks, dispatch=dispatch),
        }
    )
