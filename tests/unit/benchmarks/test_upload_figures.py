from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from benchmarks.figures import Figure, Run
from benchmarks.upload_figures import IN_PARTS, ONE_PUT, OUR_FORM, READ, Observation, Observations, figures
from benchmarks.upload_plot import draw_uploads
from benchmarks.usage import Usage

MIB = 1024 * 1024


def an_observation(
    *, uploads: int = 1, at_once: int = 1, api_s: float = 1.0, grown_mib: float = 1.0, cpu_s: float = 1.0
) -> Observation:
    """The measurements of some uploads."""
    usage = Usage(int(grown_mib * MIB), 0, cpu_s)
    return Observation(uploads=uploads, at_once=at_once, size_bytes=MIB, seconds=1.0, api_s=api_s, usage=usage)


CHEAP = an_observation(api_s=0.01, grown_mib=0.5)
DEAR = an_observation(api_s=1.0, grown_mib=200)
OBSERVED = Observations(
    straight={
        ONE_PUT: an_observation(uploads=32, at_once=32, grown_mib=4, cpu_s=0.32),
        IN_PARTS: an_observation(uploads=32, at_once=32, grown_mib=6, cpu_s=3.2),
    },
    spooled=an_observation(uploads=4, at_once=4, cpu_s=40),
    forms=[an_observation(uploads=8, at_once=8, grown_mib=63), an_observation(uploads=8, at_once=8, grown_mib=65)],
    rounds=[{ONE_PUT: CHEAP, IN_PARTS: CHEAP, OUR_FORM: DEAR, READ: DEAR}],
    paced={ONE_PUT: CHEAP, IN_PARTS: CHEAP, OUR_FORM: DEAR, READ: DEAR},
)


def found(observed: Observations, *words: str) -> list[Figure]:
    """The figures whose subject contains all these words."""
    return [each for each in figures(observed) if all(word in each.what for word in words)]


def test_memory_is_what_the_process_grew_by_with_all_uploads() -> None:
    """32 direct uploads may cost 5 MiB in total, 8 form uploads 64 MiB."""
    straight = [each.is_met for each in found(OBSERVED, "API memory, presigned")]
    forms = [each.is_met for each in found(OBSERVED, "API memory, through our old route")]
    assert (straight, forms) == ([True, False], [True, False])


def test_cpu_is_counted_for_one_upload_on_either_side() -> None:
    """32 uploads are compared with 4, so totals would mean nothing."""
    assert [each.value for each in found(OBSERVED, "API CPU")] == pytest.approx([0.001, 0.01])


def test_any_write_to_the_disk_misses_the_goal() -> None:
    """The goal is zero writes."""
    written = replace(OBSERVED.forms[0], usage=replace(OBSERVED.forms[0].usage, written_bytes=4096))
    verdicts = [each.verdict for each in found(replace(OBSERVED, forms=[written]), "disk writes, through our old")]
    assert verdicts == ["missed"]


def test_memory_of_one_upload_is_a_share_of_what_ran_at_once() -> None:
    """Three sequential uploads do not share the memory."""
    assert an_observation(uploads=3, at_once=1, grown_mib=9).grown_mib_each == 9
    assert an_observation(uploads=8, at_once=4, grown_mib=8).grown_mib_each == 2


def test_a_small_upload_is_compared_round_by_round() -> None:
    """Time and memory, single PUT and parts, against both uploads through the API."""
    compared = [*found(OBSERVED, "API time", "against"), *found(OBSERVED, "API memory", "against")]
    assert [each.value for each in compared] == pytest.approx([0.01] * 4 + [0.0025] * 4)


def test_a_slow_client_is_reported_with_its_real_rate() -> None:
    """The measured rate, not the configured one."""
    slow = replace(CHEAP, size_bytes=20_000_000, seconds=2.0)
    observed = replace(OBSERVED, paced={**OBSERVED.paced, ONE_PUT: slow})
    assert [each.value for each in found(observed, "at 10 MB/s")] == [0.01, 0.01]


def test_a_run_without_uploads_draws_none(tmp_path: Path) -> None:
    """An existing plot is left unchanged."""
    run = Run(date="", command="", is_quick=True, machine={}, figures=[], details={})
    assert not draw_uploads(run, tmp_path / "uploads.png")
    assert not list(tmp_path.iterdir())


def test_the_picture_is_drawn_from_what_the_run_has_kept(tmp_path: Path) -> None:
    """From plain values, as they are read back from disk."""
    details = {"uploads": msgspec.to_builtins(OBSERVED)}
    run = Run(date="", command="", is_quick=True, machine={}, figures=[], details=details)
    assert draw_uploads(run, tmp_path / "uploads.png")
    assert (tmp_path / "uploads.png").read_bytes().startswith(b"\x89PNG")
