"""Stages: the steps of a video's processing, with their progress."""

from dataclasses import dataclass, replace
from enum import StrEnum


class StageName(StrEnum):
    """The steps of a video's processing, in order."""

    UPLOAD = "upload"
    DOWNLOAD = "download"
    PROBE = "probe"
    COMPRESS = "compress"
    PUBLISH = "publish"
    TRANSCRIBE = "transcribe"


STAGE_MEANINGS: dict[StageName, str] = {
    StageName.UPLOAD: "The client uploads the original to the bucket, or a worker downloads it from YouTube.",
    StageName.DOWNLOAD: "A worker downloads the original from the bucket.",
    StageName.PROBE: "The worker examines the original and accepts or refuses it.",
    StageName.COMPRESS: "The worker makes the rendition and verifies it against the original.",
    StageName.PUBLISH: "The worker uploads the rendition to the bucket, and the video becomes playable.",
    StageName.TRANSCRIBE: "A worker transcribes the speech and makes captions, while the video is compressed.",
}


class StageState(StrEnum):
    """The state of a stage."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_settled(self) -> bool:
        """Whether the stage changes no more without a request."""
        return self not in {StageState.PENDING, StageState.RUNNING}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: `percent` is 0 to 100; `attempt` is 0 before the first attempt, then 1, 2 and so on.

    While the stage runs, and if they can be estimated, `eta_s` is the remaining time in seconds and `speed` is the work
    per second: bytes for transfers, seconds of media for compression and transcription.
    """

    name: StageName
    state: StageState = StageState.PENDING
    percent: float = 0.0
    attempt: int = 0
    speed: float | None = None
    eta_s: float | None = None

    def reset(self) -> "Stage":
        """A failed stage becomes pending again; any other stage is unchanged."""
        return Stage(self.name) if self.state is StageState.FAILED else self

    def started(self, attempt: int) -> "Stage":
        """The stage running, from 0 %."""
        return Stage(self.name, StageState.RUNNING, attempt=attempt)

    def progressed(self, percent: float, *, speed: float | None = None, eta_s: float | None = None) -> "Stage":
        """The stage at this percentage; within an attempt it never decreases."""
        return replace(self, percent=max(self.percent, min(round(percent, 1), 100.0)), speed=speed, eta_s=eta_s)

    def settled(self, state: StageState) -> "Stage":
        """The stage ended in this state; only a done stage is set to 100 %."""
        return Stage(self.name, state, 100.0 if state is StageState.DONE else self.percent, self.attempt)


FIRST_STAGES = tuple(Stage(name).started(1) if name is StageName.UPLOAD else Stage(name) for name in StageName)
"""The stages of a new video: the upload is running, the others are pending."""
