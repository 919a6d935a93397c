"""Wires the execution of jobs, and the sweep for lost ones."""

import os
from socket import gethostname

from domain.use_cases.jobs.handlers import JobHandlers
from domain.use_cases.jobs.run_job import RunJob
from domain.use_cases.jobs.sweep_jobs import SweepJobs
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.job_queue import resend_after_s
from entrypoints.config.jobs import JobSettings

MAX_WORKER_LENGTH = 255


def run_job(adapters: Adapters, jobs: JobSettings, *, handlers: JobHandlers) -> RunJob:
    """Wire the execution of one job."""
    return RunJob(
        database=adapters.database,
        clock=adapters.clock,
        handlers=handlers,
        lease_s=jobs.lease_seconds,
        renew_every_s=jobs.renew_seconds,
        worker=f"{gethostname()}:{os.getpid()}"[:MAX_WORKER_LENGTH],
    )


def sweep_jobs(adapters: Adapters, jobs: JobSettings, *, handlers: JobHandlers, is_alone: bool) -> SweepJobs:
    """Wire the sweep that every worker runs."""
    return SweepJobs(
        database=adapters.database,
        handlers=handlers,
        queue=adapters.queue,
        resend_after_s=resend_after_s(jobs, is_alone=is_alone),
    )
