"""A deployment under torture, with its client and its inspector."""

from dataclasses import dataclass, field
from time import monotonic

from tests.e2e.processes import wait_until
from tests.torture.client import RetryingClient
from tests.torture.clips import Clip, Clips
from tests.torture.deployment import Deployment
from tests.torture.invariants import Inspector
from tests.torture.programs import Program

REACH_TIMEOUT_S = 60.0


@dataclass
class Victim:
    """One deployment under torture, with its client and its inspector."""

    deployment: Deployment
    clips: Clips
    normal_s: float = 0.0
    kills: int = 0
    killed_at: float = 0.0
    affected: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        """Create the inspector, and a client that restarts the API when a crash point has killed it."""
        self.inspector = Inspector(self.deployment)
        self.client = RetryingClient(self.deployment.api.url or "", self.deployment.token, self._restart_killed_api)

    def close(self) -> None:
        """Close the client's connections."""
        self.client.close()

    def send(self, clip: Clip | None = None) -> str:
        """Upload a clip and report it complete; return the video's id."""
        clip = clip or self.clips.tiny
        return self.accepted(self.client.send(clip.path), clip)

    def accepted(self, video_id: str, clip: Clip) -> str:
        """Record that the upload of this clip was accepted."""
        self.inspector.accept(video_id, clip.duration_s)
        self.affected.append(video_id)
        return video_id

    def measure_normal(self, times: int = 3) -> None:
        """Measure the median time of a video without a kill, as `normal_s`."""
        taken: list[float] = []
        for _ in range(times):
            video_id = self.send()
            began = monotonic()
            self.inspector.wait_terminal([video_id])
            taken.append(monotonic() - began)
        self.normal_s = sorted(taken)[times // 2]

    def ensure_running(self) -> None:
        """Start the programs unless the API and at least one worker run."""
        if not self.deployment.api.is_alive or not any(worker.is_alive for worker in self.deployment.workers):
            self.deployment.start()

    def arm(self, program: Program, crash_at: str) -> None:
        """Restart this program so that it dies at the crash point; start the others if they do not run."""
        program.kill()
        program.start(crash_at=crash_at)
        self.deployment.start()

    def await_death(self, program: Program, kills: int) -> None:
        """Wait until the program is dead, unless the client has already found it dead."""
        if self.kills == kills:
            wait_until(program.was_killed, timeout_s=REACH_TIMEOUT_S)
            self._count()

    def _restart_killed_api(self) -> None:
        if self.deployment.api.was_killed():
            self._count()
            self.deployment.start()

    def _count(self) -> None:
        self.killed_at = monotonic()
        self.kills += 1
