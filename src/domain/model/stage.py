"""Stages: the steps inside a status, with their progress."""

from dataclasses import dataclass, replace
from enum import StrEnum


class StageName(StrEnum):
    """The steps of a video's life, in order."""

    UPLOAD = "upload"
    DOWNLOAD = "download"
    PROBE = "probe"
    COMPRESS = "compress"
    PUBLISH = "publish"
    TRANSCRIBE = "transcribe"


STAGE_MEANINGS: dict[StageName, str] = {
    StageName.UPLOAD: "The client sends the original to the bucket, or a worker fetches it from YouTube.",
    StageName.DOWNLOAD: "A worker fetches the original from the bucket.",
    StageName.PROBE: "The worker looks at what the original is made of, and takes it or not.",
    StageName.COMPRESS: "The worker makes the rendition and proves it against the original.",
    StageName.PUBLISH: "The rendition goes to the bucket and the video becomes playable.",
    StageName.TRANSCRIBE: "The speech becomes a transcript with captions, while the video is compressed.",
}


class StageState(StrEnum):
    """How far a step has come."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_settled(self) -> bool:
        """The step will not move again by itself."""
        return self not in {StageState.PENDING, StageState.RUNNING}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: `percent` is 0 to 100, `attempt` counts from 1 once it has run.

    While it runs, and as far as anybody can tell, `eta_s` is how many seconds it still takes. `speed` is how much is
    done in a second: bytes where something is carried, seconds of the video where it is compressed or transcribed.
    """

    name: StageName
    state: StageState = StageState.PENDING
    percent: float = 0.0
    attempt: int = 0
    speed: float | None = None
    eta_s: float | None = None

    def reset(self) -> "Stage":
        """The step waits once more, if it had failed."""
        return Stage(self.name) if self.state is StageState.FAILED else self

    def started(self, attempt: int) -> "Stage":
        """The step begins, or begins again."""
        return Stage(self.name, StageState.RUNNING, attempt=attempt)

    def progressed(self, percent: float, *, speed: float | None = None, eta_s: float | None = None) -> "Stage":
        """The step has come this far; it never runs backwards within an attempt."""
        return replace(self, percent=max(self.percent, min(round(percent, 1), 100.0)), speed=speed, eta_s=eta_s)

    def settled(self, state: StageState) -> "Stage":
        """The step ends in this state; only a done step stands at 100 %."""
        return Stage(self.name, state, 100.0 if state is StageState.DONE else self.percent, self.attempt)


FIRST_STAGES = tuple(Stage(name).started(1) if name is StageName.UPLOAD else Stage(name) for name in StageName)
"""The stages of a video whose upload has just been granted."""
