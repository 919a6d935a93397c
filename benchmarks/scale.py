"""The scale of a run, and the result of a benchmark."""

from dataclasses import dataclass, field
from typing import Any

from benchmarks.figures import Figure


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: the full run takes under twenty minutes, the quick one under three."""

    rounds: int
    seconds: int
    signatures: int
    completions: int
    claims: int
    jobs: int
    uploads: int
    video_bytes: int
    upload_rounds: int


FULL = Scale(
    rounds=5,
    seconds=5,
    signatures=20_000,
    completions=6_000,
    claims=150,
    jobs=2_000,
    uploads=32,
    video_bytes=1024**3,
    upload_rounds=3,
)
QUICK = Scale(
    rounds=2,
    seconds=2,
    signatures=2_000,
    completions=6_000,
    claims=20,
    jobs=600,
    uploads=8,
    video_bytes=128 * 1024**2,
    upload_rounds=1,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures, and the rounds from which they are computed."""

    figures: list[Figure]
    details: dict[str, Any] = field(default_factory=dict[str, Any])
