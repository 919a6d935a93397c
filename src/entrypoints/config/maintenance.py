"""Settings of clean-up."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.values import ConcernSettings, LongSeconds, Seconds, variable


class MaintenanceSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Periodic clean-up by the workers."""

    clean_up_seconds: Annotated[
        Seconds,
        Meta(
            description="Interval in seconds at which abandoned uploads are expired, and old idempotency keys, events "
            "and deliveries of webhooks deleted."
        ),
    ] = 600.0
    event_retention_days: Annotated[
        Annotated[int, Meta(ge=1, le=3650)],
        Meta(description="Days for which events are kept. A client that was away for longer misses events."),
    ] = 30
    orphan_sweep: Annotated[
        bool, Meta(description="Erase objects of the bucket that belong to no video (orphans) periodically.")
    ] = True
    orphan_sweep_seconds: Annotated[
        LongSeconds, Meta(description="Interval in seconds at which the bucket is searched for orphans.")
    ] = 86_400
    orphan_age_seconds: Annotated[
        LongSeconds, Meta(description="Minimum age in seconds at which an object may count as an orphan.")
    ] = 86_400
