"""The numbers of an installation."""

from datetime import timedelta
from itertools import pairwise

from domain.model.jobs.payloads import JobKind, QueueName
from domain.model.operations.overview import KindDepth, MinuteCounts, VideoTotals, last_hour, minute_of, queue_depths
from tests.support.builders import NOW

MINUTE = timedelta(minutes=1)


def test_a_queue_has_the_jobs_of_its_kinds() -> None:
    """Every queue is listed; its oldest job is the oldest of all kinds."""
    kinds = [
        KindDepth(JobKind.IMPORT, 3, 2, 1, NOW - MINUTE),
        KindDepth(JobKind.TRANSCRIBE, 4, 1, 0, NOW - 3 * MINUTE),
        KindDepth(JobKind.PROCESS, 1, 0, 2, None),
    ]
    depths = {depth.name: depth for depth in queue_depths(kinds, now=NOW)}
    assert set(depths) == set(QueueName)
    io = depths[QueueName.IO]
    assert (io.waiting, io.due, io.running, io.oldest_waiting_s) == (7, 3, 1, 180.0)
    assert depths[QueueName.MEDIA].oldest_waiting_s is None
    assert depths[QueueName.WEBHOOKS].waiting == 0


def test_a_job_that_becomes_due_now_has_not_waited() -> None:
    """The clock of the database may be a little behind the time of a row."""
    (maintenance,) = [
        depth
        for depth in queue_depths([KindDepth(JobKind.ERASE, 1, 1, 0, NOW + MINUTE)], now=NOW)
        if depth.name is QueueName.MAINTENANCE
    ]
    assert maintenance.oldest_waiting_s == 0.0


def test_the_last_hour_has_sixty_minutes() -> None:
    """Up to the current one; minutes without events have zeros, and older ones are left out."""
    now = NOW.replace(second=59)
    counted = {at: MinuteCounts(at, completed=2) for at in (minute_of(now), minute_of(now) - 60 * MINUTE)}
    minutes = last_hour(counted, now=now)
    assert len(minutes) == 60
    assert minutes[-1] == MinuteCounts(minute_of(now), completed=2)
    assert minutes[0] == MinuteCounts(minute_of(now) - 59 * MINUTE)
    assert [later.at - earlier.at for earlier, later in pairwise(minutes)] == [MINUTE] * 59


def test_all_videos_are_the_sum_of_the_statuses() -> None:
    """Each video has one status."""
    assert VideoTotals(1, 2, 3, 4, 5, stored_bytes=100).videos == 15
