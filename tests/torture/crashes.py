"""Killing a process at one crash point again and again, and looking at what becomes of the video."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from adapters.crashing.points import CRASH_POINTS
from tests.e2e.processes import wait_until
from tests.torture.client import PatientClient
from tests.torture.clips import Clip, Clips
from tests.torture.deployment import Deployment
from tests.torture.invariants import Inspector, Violation
from tests.torture.programs import Program
from tests.transcription_server import refusal

REACH_TIMEOUT_S = 60.0
_REFUSALS = 3  # So often one call of the transcriber asks before the attempt fails.


@dataclass
class Outcome:
    """What was seen at one crash point.

    A recovery is the time from a kill to the video's end, less what a video takes when nobody is killed; kills after a
    video's end need none.
    """

    name: str
    kills: int = 0
    recoveries_s: list[float] = field(default_factory=list[float])
    violations: list[Violation] = field(default_factory=list[Violation])


@dataclass
class Victim:
    """One deployment under torture, its client, and who looks at it."""

    deployment: Deployment
    clips: Clips
    normal_s: float = 0.0
    kills: int = 0
    killed_at: float = 0.0
    affected: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """Let the client start the API again when it finds it killed."""
        self.inspector = Inspector(self.deployment)
        self.client = PatientClient(self.deployment.api.url or "", self.deployment.token, self._look_after_api)

    def close(self) -> None:
        """Let the client's connections go."""
        self.client.close()

    def send(self, clip: Clip | None = None) -> str:
        """Upload a clip and have it accepted."""
        clip = clip or self.clips.tiny
        video_id = self.client.send(clip.path)
        self.inspector.accept(video_id, clip.duration_s)
        self.affected.append(video_id)
        return video_id

    def measure_normal(self, times: int = 3) -> None:
        """How long a video takes when nobody is killed."""
        taken: list[float] = []
        for _ in range(times):
            video_id = self.send()
            began = monotonic()
            self.inspector.wait_terminal([video_id])
            taken.append(monotonic() - began)
        self.normal_s = sorted(taken)[times // 2]

    def torture(self, crash_at: str, kills: int) -> Outcome:
        """Kill at this crash point so many times; each time everything must come to its end."""
        outcome = Outcome(crash_at)
        self.kills = 0
        while self.kills < kills and not outcome.violations:
            self.affected = []
            PLANS[crash_at](self, crash_at)
            outcome.violations += self.inspector.lost_originals()
            was_over = self.inspector.wait_terminal(self.affected, timeout_s=0.0)
            self.mend()
            if not was_over and self.inspector.wait_terminal(self.affected):
                outcome.recoveries_s.append(max(0.0, monotonic() - self.killed_at - self.normal_s))
            outcome.violations += self.inspector.check_videos()
        self.deployment.start()
        outcome.violations += self.inspector.check()
        outcome.kills = self.kills
        return outcome

    def mend(self) -> None:
        """Let there be an API and a worker; a worker that is left is enough."""
        if not self.deployment.api.is_alive or not any(worker.is_alive for worker in self.deployment.workers):
            self.deployment.start()

    def arm(self, program: Program, crash_at: str) -> None:
        """Start this program again, to die at the crash point; the others must be there."""
        program.kill()
        program.start(crash_at=crash_at)
        self.deployment.start()

    def await_death(self, program: Program, kills: int) -> None:
        """Wait until the program is dead, unless the client has found it dead already."""
        if self.kills == kills:
            wait_until(program.was_killed, timeout_s=REACH_TIMEOUT_S)
            self._count()

    def _look_after_api(self) -> None:
        if self.deployment.api.was_killed():
            self._count()
            self.deployment.start()

    def _count(self) -> None:
        self.killed_at = monotonic()
        self.kills += 1


Plan = Callable[[Victim, str], None]
Drive = Callable[[Victim], object]


def _in_api(drive: Drive) -> Plan:
    """The API dies."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        kills, api = victim.kills, victim.deployment.api
        victim.arm(api, crash_at)
        drive(victim)
        victim.await_death(api, kills)

    return kill_once


def _in_worker(drive: Drive) -> Plan:
    """One worker dies while the others stand still; they go on when it is dead."""

    def kill_once(victim: Victim, crash_at: str) -> None:
        kills = victim.kills
        armed, *others = victim.deployment.workers
        victim.arm(armed, crash_at)
        for other in others:
            other.pause()
        try:
            drive(victim)
            victim.await_death(armed, kills)
        finally:
            for other in others:
                other.resume()

    return kill_once


def _in_sweep(victim: Victim, crash_at: str) -> None:
    """A worker dies with a job in its hands; so does the next one, when it has found that job."""
    kills = victim.kills
    for worker in victim.deployment.workers[1:]:
        worker.kill()
    worker = victim.deployment.workers[0]
    if not worker.is_alive:
        worker.start()
    worker.wait_ready()
    video_id = victim.send(victim.clips.long)
    running = "SELECT id FROM jobs WHERE state = 'running' AND kind = 'process' AND video_id = $1"
    wait_until(lambda: bool(victim.deployment.rows.read(running, video_id)))
    worker.kill()
    worker.start(crash_at=crash_at)
    victim.await_death(worker, kills)


def _upload(victim: Victim) -> None:
    victim.send()


def _upload_long(victim: Victim) -> None:
    victim.send(victim.clips.long)


def _give_up(victim: Victim) -> None:
    grant = victim.client.grant(victim.clips.tiny.path)
    victim.client.complete(grant["video_id"], success=False)


def _delete(victim: Victim) -> None:
    video_id = victim.send()
    victim.inspector.wait_terminal([video_id])
    victim.inspector.forget(video_id)
    victim.affected.remove(video_id)
    victim.client.delete(video_id)


def _fail_once(victim: Victim) -> None:
    victim.deployment.transcription.script.extend(refusal(500) for _ in range(_REFUSALS))
    victim.send()


_OTHER_PLANS: dict[str, Plan] = {
    "presign_row_not_committed": _in_api(_upload),
    "presign_row_committed": _in_api(_upload),
    "complete_after_head": _in_api(_upload),
    "complete_not_committed": _in_api(_upload),
    "complete_committed_not_sent": _in_api(_upload),
    "sent_not_marked": _in_api(_upload),
    "upload_given_up_erase_not_sent": _in_api(_give_up),
    "video_deleted_erase_not_sent": _in_api(_delete),
    "swept_not_sent": _in_sweep,
    "freed_not_sent": _in_sweep,
    "mid_ffmpeg": _in_worker(_upload_long),
    "chunk_saved:2": _in_worker(_upload_long),
    "failed_not_rescheduled": _in_worker(_fail_once),
}

PLANS: dict[str, Plan] = {
    **{name: _in_worker(_upload) for name in CRASH_POINTS if name != "self_killing_source"},
    **_OTHER_PLANS,
}
"""How to come to each crash point; the source that kills its worker is a scenario of its own."""
