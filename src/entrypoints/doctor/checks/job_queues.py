"""Checks that workers process every queue in which jobs wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import asyncpg

from adapters.sql.config import PostgresConfig
from adapters.sql.errors import translate_error, unavailable
from domain.model.jobs.payloads import QUEUES
from entrypoints.bootstrap.database import postgres_config
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable
from entrypoints.doctor.report import Check, Verdict, ok, warning

OVERDUE_S = 120.0
"""A worker that processes the queue has taken a job long before, even if its message was lost."""

_WAITING = """
    SELECT kind,
           count(*) FILTER (WHERE state = 'running') AS running,
           count(*) FILTER (WHERE state = 'queued' AND run_after < clock_timestamp() - $1 * interval '1 s') AS overdue,
           coalesce(extract(epoch FROM clock_timestamp() - min(run_after) FILTER (WHERE state = 'queued')), 0) AS age_s
    FROM jobs WHERE state IN ('queued', 'running') GROUP BY kind
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The jobs of a queue: how many run, how many are overdue, and how long the oldest of them has been due."""

    running: int = 0
    overdue: int = 0
    age_s: float = 0.0

    def with_others(self, other: "Waiting") -> "Waiting":
        """Both together."""
        return Waiting(self.running + other.running, self.overdue + other.overdue, max(self.age_s, other.age_s))


def job_queue_checks(settings: Settings) -> list[Check]:
    """The check of the queues; with SQLite one process works on all of them."""
    if settings.database.is_embedded:
        return []
    remedy = f"Correct {variable('database_url')}, and run `telecine migrate`."
    return [Check("job queues", partial(check_queues, postgres_config(settings.database)), remedy)]


async def check_queues(config: PostgresConfig) -> Verdict:
    """Check that no queue has overdue jobs and none that runs."""
    try:
        connection = await asyncpg.connect(config.dsn, timeout=config.connect_timeout_s, command_timeout=5)
        try:
            rows = await connection.fetch(_WAITING, OVERDUE_S)
        finally:
            await connection.close(timeout=1)
    except asyncpg.UndefinedTableError:
        return ok("no jobs yet")
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise translate_error(error) from error
    except (OSError, ValueError) as error:
        raise unavailable("The database server cannot be reached.") from error
    return queues_verdict([(row["kind"], Waiting(row["running"], row["overdue"], float(row["age_s"]))) for row in rows])


def queues_verdict(by_kind: Sequence[tuple[str, Waiting]]) -> Verdict:
    """The verdict on the waiting jobs of each kind; kinds of a newer version are ignored."""
    idle = {queue: waiting for queue, waiting in _by_queue(by_kind).items() if waiting.overdue and not waiting.running}
    if not idle:
        return ok("jobs wait only where workers are busy")
    parts = [f"`{queue}`: {each.overdue} jobs due for up to {each.age_s:.0f} s" for queue, each in sorted(idle.items())]
    return warning(
        f"no job runs in {', '.join(parts)}",
        f"Start a worker that processes {' and '.join(sorted(idle))}: `telecine worker` without `--queues` processes "
        "every queue.",
    )


def _by_queue(by_kind: Sequence[tuple[str, Waiting]]) -> Mapping[str, Waiting]:
    queues = {kind.value: queue.value for kind, queue in QUEUES.items()}
    summed: dict[str, Waiting] = {}
    for kind, waiting in by_kind:
        if (queue := queues.get(kind)) is not None:
            summed[queue] = summed.get(queue, Waiting()).with_others(waiting)
    return summed
