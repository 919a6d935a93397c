"""Measurements of a worker's videos, compared with the goals."""

from dataclasses import dataclass

from benchmarks.bare import BareSteps
from benchmarks.figures import Figure, figure

MIB = 1024 * 1024
MAX_OVERHEAD, MAX_SEQUENTIAL, MAX_REMUX, MAX_WORKER_MIB, MAX_GROWTH_MIB = 1.05, 0.8, 1 / 20, 200, 16


@dataclass(frozen=True, slots=True)
class Span:
    """When a stage ran, in seconds after the upload was accepted, as seen by a client that polls often."""

    began_s: float
    ended_s: float
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class WorkerRun:
    """One video, from the accepted upload to its final status, and the worker's peak memory until then."""

    seconds: float
    transcribe_s: float
    source_bytes: int
    rendition_bytes: int
    spans: dict[str, Span]
    worker_peak_bytes: int

    @property
    def compress_s(self) -> float:
        """The duration of the compress stage."""
        span = self.spans["compress"]
        return span.ended_s - span.began_s


@dataclass(frozen=True, slots=True)
class MediaObservations:
    """Rounds without and with a worker; a source that is only remuxed, and the time to encode it; a large file."""

    rounds: list[tuple[BareSteps, WorkerRun]]
    remuxed: WorkerRun
    encode_s: float
    large: WorkerRun


def figures(observed: MediaObservations) -> list[Figure]:
    """F7 from the rounds, F8 from the small source, F11 from all."""
    bare, ours = observed.rounds[-1]
    before = max(made.worker_peak_bytes for _, made in observed.rounds)
    large, remuxed = observed.large, observed.remuxed
    return [
        figure(
            "F7",
            "whole job, against its steps side by side",
            [made.seconds / by_hand.side_by_side_s for by_hand, made in observed.rounds],
            measured=f"{ours.seconds:.1f} s against {bare.side_by_side_s:.1f} s, encode {bare.encode_s:.1f} s",
            at_most=MAX_OVERHEAD,
        ),
        figure(
            "F7",
            "whole job, against its steps one after the other",
            [made.seconds / by_hand.one_after_the_other_s for by_hand, made in observed.rounds],
            measured=f"{ours.seconds:.1f} s against {bare.one_after_the_other_s:.1f} s, "
            f"transcription {ours.transcribe_s:.1f} s",
            at_most=MAX_SEQUENTIAL,
        ),
        figure(
            "F8",
            "source that is small already, against encoding it",
            [remuxed.compress_s / observed.encode_s],
            measured=f"{remuxed.compress_s:.2f} s against {observed.encode_s:.1f} s, "
            f"{remuxed.source_bytes / 1e6:.2f} MB became {remuxed.rendition_bytes / 1e6:.2f} MB",
            at_most=MAX_REMUX,
        ),
        figure(
            "F11",
            "worker's memory beside ffmpeg's",
            [large.worker_peak_bytes / MIB],
            measured=f"after a file of {large.source_bytes / MIB:,.0f} MiB",
            at_most=MAX_WORKER_MIB,
            unit="MiB",
        ),
        figure(
            "F11",
            "its growth with the size of the file",
            [(large.worker_peak_bytes - before) / MIB],
            measured=f"{ours.source_bytes / MIB:,.0f} MiB before, then {large.source_bytes / MIB:,.0f} MiB",
            at_most=MAX_GROWTH_MIB,
            unit="MiB",
        ),
    ]
