"""A deployment under torture, its client, and who looks at it."""

from dataclasses import dataclass, field
from time import monotonic

from tests.e2e.processes import wait_until
from tests.torture.client import PatientClient
from tests.torture.clips import Clip, Clips
from tests.torture.deployment import Deployment
from tests.torture.invariants import Inspector
from tests.torture.programs import Program

REACH_TIMEOUT_S = 60.0


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
        return self.accepted(self.client.send(clip.path), clip)

    def accepted(self, video_id: str, clip: Clip) -> str:
        """Take note that the upload of this clip was accepted."""
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
