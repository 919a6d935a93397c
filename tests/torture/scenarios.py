"""Faults other than crash points: storage faults, lost services, paused workers, and a source that kills workers."""

import random
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise, product
from time import monotonic, sleep

from adapters.failpoints.catalogue import SELF_KILLING_EXTENSION
from tests.e2e.processes import wait_until
from tests.services.proxy import HOST, Fault, running_proxy
from tests.torture.canary import canary
from tests.torture.clean_up import clean_up
from tests.torture.contract import contract
from tests.torture.deployment import LEASE_S
from tests.torture.event_streams import event_streams
from tests.torture.faulty_network import faulty_network
from tests.torture.hostile_media import media
from tests.torture.invariants import Violation
from tests.torture.page_uploads import page_uploads
from tests.torture.programs import Program, ffmpeg_left
from tests.torture.stage import SEED, Findings, Scenario, Stage
from tests.torture.victim import Victim
from tests.torture.webhooks import webhooks

RUN_TIMEOUT_S = 1800.0


_CALLS = {
    "head": r"^HEAD \S+/videos/",
    "download": r"^GET \S+/videos/",
    "put_rendition": r"^PUT \S+-rendition\.mp4",
    "put_speech": r"^PUT \S+-audio\.ogg",
    "delete": r"^DELETE |^POST \S+[?&]delete",
}

_COMPRESSING = """SELECT id FROM videos WHERE id = $1 AND stages LIKE '%"compress","state":"running"%'"""
_TAKEN_OVER = "SELECT id FROM jobs WHERE video_id = $1 AND kind = 'process' AND fence > 1"
_ATTEMPTS = "SELECT attempt FROM jobs WHERE video_id = $1 AND kind = 'process'"


def storage_faults(stage: Stage) -> Findings:
    """Calls to the bucket get every fault: once, and more often than they are retried."""
    findings = Findings("storage_faults")
    s3_url = stage.services.s3.endpoint_url
    with running_proxy(s3_url) as proxy, stage.victim("storage", endpoint_url=proxy.url) as victim:
        for fault, times in product(Fault, (1, 5)):
            proxy.injected_faults.clear()
            injected_faults = [proxy.inject(each, fault, times=times, delay_s=1.0) for each in _CALLS.values()]
            for _ in range(stage.times(5)):
                victim.send()
            findings.violations += victim.inspector.check()
            findings.add(f"injected_{fault}", sum(injected.hits for injected in injected_faults))
        findings.add("videos", len(victim.inspector.accepted))
    return findings


def redis_loss(stage: Stage) -> Findings:
    """While 300 videos are processed, Redis is flushed, restarted, paused and cut off at random moments."""
    findings = Findings("redis_loss")
    redis = stage.services.redis
    with running_proxy(redis.url) as proxy:
        settings = {"TELECINE_REDIS_URL": f"redis://{HOST}:{proxy.port}/1"}
        disasters = [
            redis.flushall,
            redis.restart,
            lambda: _for_a_while(redis.pause, redis.resume),
            lambda: _for_a_while(proxy.cut, proxy.restore),
        ]
        with stage.victim("redis", settings=settings) as victim:
            findings.add("disasters", upload_through_disasters(victim, stage.times(300), disasters, pause_s=(0.5, 4.0)))
            findings.violations += victim.inspector.check()
            findings.figures |= {"videos": len(victim.inspector.accepted), **_delays(victim)}
    return findings


def upload_through_disasters(
    victim: Victim, count: int, disasters: Sequence[Callable[[], None]], *, pause_s: tuple[float, float]
) -> int:
    """Upload this many small videos while disasters follow each other until all are done; return their number."""
    moments, struck = random.Random(SEED), 0
    uploading = _Uploading(lambda: [victim.send(victim.clips.mute) for _ in range(count)])
    give_up_at = monotonic() + RUN_TIMEOUT_S
    while not (uploading.is_over() and victim.inspector.wait_settled(timeout_s=0.1)) and monotonic() < give_up_at:
        sleep(moments.uniform(*pause_s))
        disasters[struck % len(disasters)]()
        struck += 1
    uploading.end()
    return struck


def postgres_restart(stage: Stage) -> Findings:
    """Postgres is shut down and crashed by turns while videos are processed."""
    findings = Findings("postgres_restart")
    with stage.victim("postgres") as victim:
        uploading = _Uploading(lambda: [victim.send() for _ in range(stage.times(30))])
        restarts = stage.times(4)
        for number in range(restarts):
            sleep(3.0)
            stage.services.postgres.restart(abruptly=number % 2 == 1)
        uploading.end()
        findings.violations += victim.inspector.check()
        findings.figures |= {"videos": len(victim.inspector.accepted), "restarts": restarts, **_delays(victim)}
    return findings


def paused_worker(stage: Stage) -> Findings:
    """A worker is paused past its lease while another takes its job, and then resumes."""
    findings = Findings("paused_worker")
    with stage.victim("paused") as victim:
        for _ in range(stage.times(10)):
            findings.violations += pause_past_lease(victim)
        refused = sum(worker.log.read_text().count("lease_lost") for worker in victim.deployment.workers)
        findings.figures |= {"pauses": len(victim.inspector.accepted), "attempts_that_lost_their_lease": refused}
    return findings


def pause_past_lease(victim: Victim) -> list[Violation]:
    """Pause the first worker during ffmpeg until the second one has its job; return the violations after that."""
    victim.deployment.start()
    first, second = victim.deployment.workers
    second.pause()
    video_id = victim.send(victim.clips.long)
    wait_until(lambda: bool(victim.deployment.rows.read(_COMPRESSING, video_id)))
    first.pause()
    second.resume()
    wait_until(lambda: bool(victim.deployment.rows.read(_TAKEN_OVER, video_id)), timeout_s=20 * LEASE_S)
    first.resume()
    return victim.inspector.check()


def self_killing(stage: Stage) -> Findings:
    """Among 100 good sources, one kills every worker that downloads it; a supervisor restarts the workers."""
    findings = Findings("self_killing")
    max_attempts = 4
    with stage.victim("poison", settings={"TELECINE_JOB_MAX_ATTEMPTS": str(max_attempts)}) as victim:
        supervisor = _Supervisor(victim, crash_at="self_killing_source")
        with supervisor.at_work():
            poison = victim.client.send(stage.clips.tiny.path, extension=SELF_KILLING_EXTENSION)
            victim.inspector.accept(poison, stage.clips.tiny.duration_s)
            victim.inspector.may_fail.add(poison)
            good = [victim.send(stage.clips.mute) for _ in range(stage.times(100))]
            victim.inspector.wait_settled(RUN_TIMEOUT_S)
        findings.violations += victim.inspector.check()
        (runs,) = victim.deployment.rows.read(_ATTEMPTS, poison)
        findings.figures |= {
            "good_videos": len(good),
            "deaths": supervisor.deaths,
            "runs_of_the_killer": runs["attempt"],
            "max_attempts": max_attempts,
        }
    return findings


def rolling_restart(stage: Stage) -> Findings:
    """Under load, every 10 s the next process is stopped with SIGTERM and restarted."""
    findings = Findings("rolling_restart")
    with stage.victim("rolling") as victim:
        uploading = _Uploading(lambda: [victim.send() for _ in range(stage.times(60))])
        drains: list[float] = []
        while not (uploading.is_over() and victim.inspector.wait_settled(timeout_s=0.0)):
            drains.append(_restarted_s(victim.deployment.programs[len(drains) % len(victim.deployment.programs)]))
            sleep(10.0 * min(1.0, stage.scale))
        uploading.end()
        findings.violations += victim.inspector.check()
        (charged,) = victim.deployment.rows.read("SELECT COALESCE(MAX(attempt), 0) AS most FROM jobs")
        findings.figures |= {
            "videos": len(victim.inspector.accepted),
            "restarts": len(drains),
            "longest_drain_s": round(max(drains), 2),
            "orphans": len(ffmpeg_left(victim.deployment.folder)),
            "most_attempts_charged": charged["most"],
        }
    return findings


def _restarted_s(program: Program) -> float:
    """Stop a program with SIGTERM and start it again; return how long the stop took, in seconds."""
    began = monotonic()
    code = program.stop()
    taken_s = monotonic() - began
    assert code == 0, program.output()
    program.start()
    program.wait_ready()
    return taken_s


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        storage_faults,
        redis_loss,
        postgres_restart,
        paused_worker,
        self_killing,
        rolling_restart,
        clean_up,
        faulty_network,
        media,
        contract,
        page_uploads,
        event_streams,
        webhooks,
        canary,
    )
}


class _Supervisor:
    """Restarts killed workers, each time with the same crash point."""

    def __init__(self, victim: Victim, crash_at: str) -> None:
        self.deaths = 0
        self._workers = victim.deployment.workers
        self._crash_at = crash_at
        self._is_over = threading.Event()

    @contextmanager
    def at_work(self) -> Generator[None]:
        """Restart killed workers inside the block."""
        for worker in self._workers:
            worker.kill()
            worker.start(crash_at=self._crash_at)
        watching = threading.Thread(target=self._watch)
        watching.start()
        try:
            yield
        finally:
            self._is_over.set()
            watching.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.1):
            for worker in self._workers:
                if worker.was_killed():
                    self.deaths += 1
                    worker.start(crash_at=self._crash_at)


class _Uploading:
    """A client's work in a thread; `end` raises the error of the work."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._done = self._pool.submit(work)

    def is_over(self) -> bool:
        """Whether the work has ended."""
        return self._done.done()

    def end(self) -> None:
        """Wait until the work ends; raise its error, if it failed."""
        self._pool.shutdown()
        self._done.result()


def _for_a_while(begin: Callable[[], None], end: Callable[[], None]) -> None:
    begin()
    sleep(4.0)
    end()


def _delays(victim: Victim) -> dict[str, float]:
    """The longest time from request to completion, queueing included, and the longest gap between completions."""
    rows = victim.deployment.rows.read("SELECT created_at, updated_at FROM videos WHERE status = 'completed'")
    if not rows:
        return {}
    ends = sorted(row["updated_at"] for row in rows)
    gaps_s = [(later - earlier).total_seconds() for earlier, later in pairwise(ends)]
    return {
        "slowest_video_s": round(max((row["updated_at"] - row["created_at"]).total_seconds() for row in rows), 1),
        "longest_standstill_s": round(max(gaps_s, default=0.0), 1),
    }
