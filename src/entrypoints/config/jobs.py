"""Settings of jobs: attempts, leases and the sweep."""

from typing import Annotated

import msgspec
from msgspec import Meta

from entrypoints.config.values import ConcernSettings, Positive, Seconds, prefixed, variable


class JobSettings(ConcernSettings, frozen=True, kw_only=True, rename=prefixed("job_")):
    """Attempts, leases and the sweep of jobs."""

    max_attempts: Annotated[
        Positive, Meta(description="Maximum attempts at a job, including those that were lost with their worker.")
    ] = 12
    lease_seconds: Annotated[
        Seconds,
        Meta(description="Time in seconds after which a job is taken from a worker that no longer renews its lease."),
    ] = 60.0
    renew_seconds: Annotated[
        Seconds,
        Meta(description="Interval in seconds at which a worker renews its leases; at most half of the lease."),
    ] = 15.0
    resend_seconds: Annotated[
        Seconds | None,
        Meta(
            description="Time in seconds after which the message of a job that still waits is sent again. "
            "Unset: 60 with Redis or Postgres, else 900."
        ),
    ] = None
    sweep_seconds: Annotated[
        Seconds, Meta(description="Interval in seconds of the sweep for lost jobs and jobs that are due.")
    ] = msgspec.field(default=10.0, name=variable("sweep_seconds"))

    def problems(self) -> list[str]:
        if self.renew_seconds * 2 > self.lease_seconds:
            return ["TELECINE_JOB_RENEW_SECONDS: at most half of TELECINE_JOB_LEASE_SECONDS"]
        return []
