"""Wires the upload protocol."""

import asyncio
from dataclasses import replace

from domain.model.access.quota import Quota
from domain.model.uploads.multipart import MIN_PART_BYTES, TARGET_PART_COUNT
from domain.model.uploads.policy import UploadPolicy
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.uploads.cancel_upload import CancelUpload
from domain.use_cases.uploads.complete_upload import CompleteUpload
from domain.use_cases.uploads.create_upload import CreateUpload
from domain.use_cases.uploads.get_upload_status import GetUploadStatus
from domain.use_cases.uploads.receive_upload import ReceiveUpload
from domain.use_cases.uploads.renew_upload import RenewUpload
from domain.use_cases.uploads.report_failed_upload import ReportFailedUpload
from domain.use_cases.uploads.request_upload import RequestUpload
from domain.use_cases.uploads.sign_parts import SignParts
from domain.use_cases.uploads.sign_upload import SignUpload
from domain.use_cases.uploads.upload_lease import LEASE_S, UploadLease
from domain.use_cases.uploads.verify_upload import VerifyUpload
from domain.use_cases.videos.register_videos import RegisterVideos
from entrypoints.application import Uploads
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.uploads import UploadSettings

# The API holds one part of a proxied upload in memory at a time, so it uses the smallest parts that a bucket accepts.
MAX_PROXIED_BYTES = TARGET_PART_COUNT * MIN_PART_BYTES


def upload_protocol(
    adapters: Adapters,
    uploads: UploadSettings,
    *,
    quota: Quota,
    close: AbortUpload,
    jobs: JobFactory,
    send: DispatchJob,
) -> Uploads:
    """Wire the use cases of the upload protocol."""
    database, objects, multipart, clock = adapters.database, adapters.objects, adapters.multipart, adapters.clock
    expires_in_s = uploads.presigned_url_expiration_seconds
    sign = SignUpload(objects=objects, multipart=multipart, expires_in_s=expires_in_s)
    accept = VerifyUpload(database=database, objects=objects, clock=clock, jobs=jobs, send=send)
    request = RequestUpload(
        policy=UploadPolicy(max_size_bytes=uploads.max_upload_bytes, part_bytes=uploads.multipart_part_bytes),
        begin=CreateUpload(multipart=multipart, clock=clock, ids=adapters.ids, expires_in_s=expires_in_s),
        admit=RegisterVideos(database=database, quota=quota),
        sign=sign,
        recall=IdempotencyLookup(database=database),
    )
    return Uploads(
        request=request,
        sign_parts=SignParts(database=database, clock=clock, sign=sign),
        renew=RenewUpload(database=database, clock=clock, sign=sign),
        get_status=GetUploadStatus(database=database, objects=objects, multipart=multipart),
        complete=CompleteUpload(database=database, multipart=multipart, accept=accept, close=close, send=send),
        report_failure=ReportFailedUpload(database=database, close=close, send=send),
        cancel=CancelUpload(database=database, close=close, send=send),
        receive=_receive_upload(
            adapters,
            request=request,
            accept=accept,
            close=close,
            send=send,
            concurrency=uploads.proxied_upload_concurrency,
        ),
    )


def _receive_upload(
    adapters: Adapters,
    *,
    request: RequestUpload,
    accept: VerifyUpload,
    close: AbortUpload,
    send: DispatchJob,
    concurrency: int,
) -> ReceiveUpload:
    policy = request.policy
    return ReceiveUpload(
        policy=replace(policy, max_size_bytes=min(policy.max_size_bytes, MAX_PROXIED_BYTES), part_bytes=MIN_PART_BYTES),
        begin=replace(request.begin, expires_in_s=LEASE_S),
        admit=request.admit,
        recall=request.recall,
        accept=accept,
        close=close,
        hold=UploadLease(database=adapters.database, clock=adapters.clock, close=close, send=send),
        send=send,
        database=adapters.database,
        multipart=adapters.multipart,
        places=asyncio.Semaphore(concurrency),
    )
