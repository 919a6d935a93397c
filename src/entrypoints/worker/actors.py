"""The Dramatiq actors: one per job kind, all of which call the same use case."""

from collections.abc import Callable
from time import monotonic

import structlog
from dramatiq import Broker, actor

from domain.model.errors import TelecineError
from domain.model.ids import JobId
from domain.model.jobs.payloads import QUEUES
from domain.use_cases.jobs.run_job import JobOutcome, JobResult
from entrypoints.application import Application

_logger = structlog.get_logger("telecine.worker")

_UNREMARKABLE = frozenset({JobResult.DONE, JobResult.NOT_CLAIMED, JobResult.RELEASED})


def declare_actors(broker: Broker, application: Callable[[], Application]) -> None:
    """Declare an actor for every job kind on its queue; a message contains only the job's id."""

    async def run(job_id: str) -> None:
        started_at = monotonic()
        outcome = await application().run_job(JobId(job_id))
        log_outcome(job_id, outcome, duration_s=monotonic() - started_at)

    for kind, queue in QUEUES.items():
        actor(broker=broker, actor_name=kind.value, queue_name=queue.value)(run)


def log_outcome(job_id: str, outcome: JobOutcome, *, duration_s: float) -> None:
    """Log the outcome of one attempt."""
    job, error = outcome.job, outcome.error
    log = _logger.bind(job_id=job_id, result=outcome.result.value, duration_s=round(duration_s, 3))
    if job is not None:
        log = log.bind(
            kind=job.kind.value,
            queue=job.queue.value,
            video_id=job.video_id,
            attempt=job.attempt,
            fence=job.fence,
        )
    if outcome.result in _UNREMARKABLE:
        log.info("job")
    else:
        log.warning("job", error=repr(error), code=code_of(error), exc_info=error if is_unexpected(error) else None)


def code_of(error: Exception | None) -> str | None:
    """The stable code of a `TelecineError`; None for other errors."""
    return error.code if isinstance(error, TelecineError) else None


def is_unexpected(error: Exception | None) -> bool:
    """Whether the error is unexpected, so that its traceback is logged."""
    return error is not None and not isinstance(error, TelecineError)
