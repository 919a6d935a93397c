"""Wires the use cases over adapters, whichever those are."""

import asyncio
from dataclasses import replace

from domain.model.multipart import MIN_PART_BYTES, TARGET_PART_COUNT
from domain.model.rate_limit import rate_limit
from domain.model.upload_policy import UploadPolicy
from domain.model.usage import Quota
from domain.ports.rate_limiter import RateLimiter
from domain.use_cases.accept_upload import AcceptUpload
from domain.use_cases.admit_video import AdmitVideo
from domain.use_cases.begin_import import BeginImport
from domain.use_cases.begin_upload import BeginUpload
from domain.use_cases.cancel_upload import CancelUpload
from domain.use_cases.check_health import CheckHealth
from domain.use_cases.clean_up import CleanUp
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.complete_upload import CompleteUpload
from domain.use_cases.delete_video import DeleteVideo
from domain.use_cases.describe_upload import DescribeUpload
from domain.use_cases.expire_uploads import ExpireUploads
from domain.use_cases.fail_upload import FailUpload
from domain.use_cases.find_orphans import FindOrphans
from domain.use_cases.forget_given_up import ForgetGivenUp
from domain.use_cases.get_transcript import GetTranscript
from domain.use_cases.get_video import GetVideo
from domain.use_cases.grant_upload import GrantUpload
from domain.use_cases.hold_upload import LEASE_S, HoldUpload
from domain.use_cases.issue_playback import IssuePlayback
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.list_videos import ListVideos
from domain.use_cases.owe_once import OweOnce
from domain.use_cases.recall_request import RecallRequest
from domain.use_cases.receive_upload import ReceiveUpload
from domain.use_cases.regenerate_transcript import RegenerateTranscript
from domain.use_cases.remove_captions import RemoveCaptions
from domain.use_cases.renew_upload import RenewUpload
from domain.use_cases.replace_captions import ReplaceCaptions
from domain.use_cases.retry_video import RetryVideo
from domain.use_cases.run_job import RunJob
from domain.use_cases.send_job import SendJob
from domain.use_cases.sign_parts import SignParts
from domain.use_cases.sign_upload import SignUpload
from domain.use_cases.sweep_jobs import SweepJobs
from entrypoints.adapters import Adapters
from entrypoints.application import Application, Options, Transcripts, Uploads
from entrypoints.http.client_address import networks
from entrypoints.http.cors import origins
from entrypoints.http.rate_limits import RateLimits
from entrypoints.job_wiring import handlers_of
from entrypoints.settings import Settings

ALONE_RESEND_S = 900.0
SHARED_RESEND_S = 60.0

# What is taken through the API is held one part at a time, so the parts are the smallest that a bucket takes.
MAX_PROXIED_BYTES = TARGET_PART_COUNT * MIN_PART_BYTES


def wire(adapters: Adapters, settings: Settings) -> Application:
    """The use cases over any adapters: real ones here, fakes in tests."""
    jobs = JobMaker(adapters.ids, settings.job_max_attempts)
    send = SendJob(adapters.database, adapters.queue)
    handlers = handlers_of(adapters, settings, jobs, send)
    database, objects, clock = adapters.database, adapters.objects, adapters.clock
    close = CloseUpload(clock, jobs)
    return Application(
        uploads=_uploads(adapters, settings, close, jobs, send),
        begin_import=BeginImport(
            database,
            AdmitVideo(database, _quota(settings)),
            RecallRequest(database),
            clock,
            adapters.ids,
            jobs,
            send,
        ),
        retry_video=RetryVideo(database, objects, clock, send, OweOnce(RecallRequest(database))),
        get_video=GetVideo(database),
        list_videos=ListVideos(database),
        delete_video=DeleteVideo(database, clock, jobs, send),
        get_transcript=GetTranscript(database),
        transcripts=_transcripts(adapters, settings, jobs, send),
        issue_playback=IssuePlayback(database, objects, settings.playback_url_expiration_seconds),
        check_health=CheckHealth(database, objects),
        run_job=RunJob(
            database,
            clock,
            handlers,
            lease_s=settings.job_lease_seconds,
            renew_every_s=settings.job_renew_seconds,
        ),
        sweep_jobs=SweepJobs(database, handlers, adapters.queue, resend_after_s=_resend_after_s(settings)),
        clean_up=_clean_up(adapters, settings, close, send),
        tokens=adapters.tokens,
        rate_limits=_rate_limits(adapters.rate_limits, settings),
        options=_options(settings),
        bucket_gateway=adapters.bucket_gateway,
    )


def _uploads(adapters: Adapters, settings: Settings, close: CloseUpload, jobs: JobMaker, send: SendJob) -> Uploads:
    database, objects, multipart, clock = adapters.database, adapters.objects, adapters.multipart, adapters.clock
    policy = UploadPolicy(max_size_bytes=settings.max_upload_bytes, part_bytes=settings.multipart_part_bytes)
    sign = SignUpload(objects, multipart, settings.presigned_url_expiration_seconds)
    begin = BeginUpload(multipart, clock, adapters.ids, settings.presigned_url_expiration_seconds)
    admit = AdmitVideo(database, _quota(settings))
    recall = RecallRequest(database)
    accept = AcceptUpload(database, objects, clock, jobs, send)
    proxied = replace(policy, max_size_bytes=min(policy.max_size_bytes, MAX_PROXIED_BYTES), part_bytes=MIN_PART_BYTES)
    return Uploads(
        grant=GrantUpload(policy, begin, admit, sign, recall),
        sign_parts=SignParts(database, clock, sign),
        renew=RenewUpload(database, clock, sign),
        describe=DescribeUpload(database, objects, multipart),
        complete=CompleteUpload(database, multipart, accept, close, send),
        fail=FailUpload(database, close, send),
        cancel=CancelUpload(database, close, send),
        receive=ReceiveUpload(
            proxied,
            replace(begin, expires_in_s=LEASE_S),
            admit,
            recall,
            accept,
            close,
            HoldUpload(database, clock, close, send),
            send,
            database,
            multipart,
            asyncio.Semaphore(settings.proxied_upload_concurrency),
        ),
    )


def _transcripts(adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob) -> Transcripts:
    database, clock = adapters.database, adapters.clock
    forget, is_enabled = ForgetGivenUp(jobs), adapters.transcriber is not None
    return Transcripts(
        regenerate=RegenerateTranscript(
            database,
            clock,
            jobs,
            send,
            OweOnce(RecallRequest(database)),
            forget,
            max_runs=settings.max_regenerations_per_video,
            is_enabled=is_enabled,
        ),
        replace=ReplaceCaptions(database, clock, forget),
        remove=RemoveCaptions(database),
    )


def _clean_up(adapters: Adapters, settings: Settings, close: CloseUpload, send: SendJob) -> CleanUp:
    database, objects, multipart, clock = adapters.database, adapters.objects, adapters.multipart, adapters.clock
    return CleanUp(
        database,
        objects,
        multipart,
        clock,
        ExpireUploads(database, clock, close, send, settings.abandoned_upload_seconds),
        FindOrphans(database, objects, multipart, clock, settings.orphan_age_seconds),
        every_s=settings.clean_up_seconds,
        orphans_every_s=settings.orphan_sweep_seconds if settings.orphan_sweep else None,
    )


def _options(settings: Settings) -> Options:
    allowed = settings.cors_allowed_origins
    return Options(
        settings.proxied_upload,
        settings.proxied_upload_sunset,
        settings.youtube_import,
        settings.metrics,
        cors_allowed_origins=origins(allowed) if allowed is not None else frozenset(),
    )


def _quota(settings: Settings) -> Quota:
    return Quota(
        max_videos_in_flight=settings.max_videos_in_flight_per_user,
        max_stored_bytes=settings.max_stored_bytes_per_user,
        max_uploads_per_day=settings.max_uploads_per_day_per_user,
    )


def _rate_limits(limiter: RateLimiter, settings: Settings) -> RateLimits:
    per_user, per_address = settings.rate_limit_per_user, settings.rate_limit_per_address
    return RateLimits(
        limiter,
        per_user=rate_limit(per_user) if per_user is not None else None,
        per_address=rate_limit(per_address) if per_address is not None else None,
        trusted_proxies=networks(settings.trusted_proxies) if settings.trusted_proxies is not None else (),
    )


def _resend_after_s(settings: Settings) -> float:
    """Messages may be lost while everybody lives on, but not inside the one process that knows itself alone."""
    if settings.job_resend_seconds is not None:
        return settings.job_resend_seconds
    is_alone = settings.redis_url is None and settings.database_url is None
    return ALONE_RESEND_S if is_alone else SHARED_RESEND_S
