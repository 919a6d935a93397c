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
from domain.use_cases.uploads.issue_upload_ticket import IssueUploadTicket
from domain.use_cases.uploads.receive_upload import ReceiveUpload
from domain.use_cases.uploads.redeem_upload_ticket import RedeemUploadTicket
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
    abort: AbortUpload,
    jobs: JobFactory,
    dispatch: DispatchJob,
) -> Uploads:
    """Wire the use cases of the upload protocol."""
    database, objects, multipart, clock = adapters.database, adapters.objects, adapters.multipart, adapters.clock
    expires_in_s = uploads.presigned_url_expiration_seconds
    sign = SignUpload(objects=objects, multipart=multipart, expires_in_s=expires_in_s)
    verify = VerifyUpload(database=database, objects=objects, clock=clock, jobs=jobs, dispatch=dispatch)
    request = RequestUpload(
        policy=UploadPolicy(max_size_bytes=uploads.max_upload_bytes, part_bytes=uploads.multipart_part_bytes),
        create=CreateUpload(multipart=multipart, clock=clock, ids=adapters.ids, expires_in_s=expires_in_s),
        register=RegisterVideos(database=database, quota=quota),
        sign=sign,
        lookup=IdempotencyLookup(database=database),
    )
    return Uploads(
        request=request,
        sign_parts=SignParts(database=database, clock=clock, sign=sign, policy=request.policy, quota=quota),
        renew=RenewUpload(database=database, clock=clock, sign=sign),
        get_status=GetUploadStatus(database=database, objects=objects, multipart=multipart),
        complete=CompleteUpload(database=database, multipart=multipart, verify=verify, abort=abort, dispatch=dispatch),
        report_failure=ReportFailedUpload(database=database, abort=abort, dispatch=dispatch),
        cancel=CancelUpload(database=database, abort=abort, dispatch=dispatch),
        receive=_receive_upload(
            adapters,
            request=request,
            verify=verify,
            abort=abort,
            dispatch=dispatch,
            concurrency=uploads.proxied_upload_concurrency,
        ),
        issue_ticket=IssueUploadTicket(
            database=database, ids=adapters.ids, clock=clock, lifetime_s=uploads.upload_ticket_seconds
        ),
        redeem_ticket=RedeemUploadTicket(database=database, clock=clock),
    )


def _receive_upload(
    adapters: Adapters,
    *,
    request: RequestUpload,
    verify: VerifyUpload,
    abort: AbortUpload,
    dispatch: DispatchJob,
    concurrency: int,
) -> ReceiveUpload:
    policy = request.policy
    return ReceiveUpload(
        policy=replace(policy, max_size_bytes=min(policy.max_size_bytes, MAX_PROXIED_BYTES), part_bytes=MIN_PART_BYTES),
        create=replace(request.create, expires_in_s=LEASE_S),
        register=request.register,
        lookup=request.lookup,
        verify=verify,
        abort=abort,
        lease=UploadLease(database=adapters.database, clock=adapters.clock, abort=abort, dispatch=dispatch),
        dispatch=dispatch,
        database=adapters.database,
        multipart=adapters.multipart,
        slots=asyncio.Semaphore(concurrency),
    )
