from pathlib import Path

import msgspec
import pytest
from benchmarks.bare import BareSteps
from benchmarks.figures import Run
from benchmarks.media_figures import MediaObservations, Span, WorkerRun, figures
from benchmarks.media_plot import draw_media

MIB = 1024 * 1024
BARE = BareSteps(download_s=1.0, encode_s=30.0, audio_s=1.0, transcribe_s=10.0, upload_s=1.0)


def a_worker_run(*, seconds: float = 33.6, compress_s: float = 31.0, peak_mib: int = 90) -> WorkerRun:
    """The measurements of one video."""
    spans = {"download": Span(0.0, 1.0), "compress": Span(1.0, 1.0 + compress_s), "transcribe": Span(2.0, 12.0)}
    return WorkerRun(
        seconds=seconds,
        transcribe_s=10.0,
        source_bytes=80 * MIB,
        rendition_bytes=20 * MIB,
        spans=spans,
        worker_peak_bytes=peak_mib * MIB,
    )


OBSERVED = MediaObservations(
    rounds=[(BARE, a_worker_run())],
    remuxed=a_worker_run(compress_s=0.5),
    encode_s=20.0,
    large=a_worker_run(peak_mib=110),
)


def test_a_job_is_compared_with_its_steps_in_parallel_and_in_sequence() -> None:
    """In parallel, only the longer of compressing and transcribing counts."""
    assert (BARE.side_by_side_s, BARE.one_after_the_other_s) == (32.0, 43.0)
    side_by_side, in_a_row = (each.value for each in figures(OBSERVED) if each.goal == "F7")
    assert (side_by_side, in_a_row) == pytest.approx((33.6 / 32, 33.6 / 43))


def test_a_small_source_is_compared_with_its_encoding() -> None:
    """Only the compress stage counts, on both sides."""
    (remuxed,) = (each for each in figures(OBSERVED) if each.goal == "F8")
    assert (remuxed.value, remuxed.is_met) == (0.025, True)


def test_memory_is_that_of_the_worker_alone() -> None:
    """It has a limit, and hardly grows with a large file."""
    peak, growth = (each for each in figures(OBSERVED) if each.goal == "F11")
    assert (peak.value, peak.is_met, growth.value, growth.is_met) == (110, True, 20, False)


def test_the_picture_shows_the_last_round(tmp_path: Path) -> None:
    """A run without videos has no plot."""
    run = Run(date="", command="", is_quick=False, machine={}, figures=[], details={})
    assert not draw_media(run, tmp_path / "media.png")
    drawn = msgspec.structs.replace(run, details={"media": msgspec.to_builtins(OBSERVED)})
    assert draw_media(drawn, tmp_path / "media.png")
    assert (tmp_path / "media.png").read_bytes().startswith(b"\x89PNG")
