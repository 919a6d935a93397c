"""Wires the clean-up of uploads, idempotency keys, events and orphans."""

from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.retention.clean_up import CleanUp
from domain.use_cases.retention.delete_old_events import DeleteOldEvents
from domain.use_cases.retention.expire_originals import ExpireOriginals
from domain.use_cases.retention.find_orphans import FindOrphans
from domain.use_cases.search.request_indexing import RequestIndexing
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.uploads.expire_uploads import ExpireUploads
from domain.use_cases.webhooks.expire_deliveries import ExpireDeliveries
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.maintenance import MaintenanceSettings


def clean_up(
    adapters: Adapters,
    maintenance: MaintenanceSettings,
    *,
    abandoned_after_s: float,
    abort: AbortUpload,
    dispatch: DispatchJob,
    expire_deliveries: ExpireDeliveries,
) -> CleanUp:
    """Wire the clean-up that workers run periodically and `telecine sweep` runs once."""
    database, objects, multipart, clock = adapters.database, adapters.objects, adapters.multipart, adapters.clock
    return CleanUp(
        database=database,
        objects=objects,
        multipart=multipart,
        clock=clock,
        expire_uploads=ExpireUploads(
            database=database, clock=clock, abort=abort, dispatch=dispatch, after_s=abandoned_after_s
        ),
        expire_originals=ExpireOriginals(database=database, clock=clock, jobs=abort.jobs, dispatch=dispatch),
        delete_old_events=DeleteOldEvents(database=database, clock=clock, after_days=maintenance.event_retention_days),
        find_orphans=FindOrphans(
            database=database,
            objects=objects,
            multipart=multipart,
            clock=clock,
            min_age_s=maintenance.orphan_age_seconds,
        ),
        request_indexing=RequestIndexing(database=database, jobs=abort.jobs, dispatch=dispatch),
        expire_deliveries=expire_deliveries,
        every_s=maintenance.clean_up_seconds,
        orphans_every_s=maintenance.orphan_sweep_seconds if maintenance.orphan_sweep else None,
    )
