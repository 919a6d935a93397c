import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.stage import FIRST_STAGES, STAGE_MEANINGS, Stage, StageName, StageState


def test_a_granted_upload_has_every_stage_and_the_upload_runs() -> None:
    """The six stages are in order; the first one is running."""
    stages = FIRST_STAGES
    assert [stage.name for stage in stages] == list(StageName)
    assert stages[0] == Stage(StageName.UPLOAD, StageState.RUNNING, 0.0, 1)
    assert all(stage == Stage(stage.name) for stage in stages[1:])


@pytest.mark.parametrize(
    ("state", "is_settled"),
    [
        (StageState.PENDING, False),
        (StageState.RUNNING, False),
        (StageState.DONE, True),
        (StageState.FAILED, True),
        (StageState.SKIPPED, True),
    ],
)
def test_a_stage_is_settled_when_it_will_not_change_by_itself(state: StageState, *, is_settled: bool) -> None:
    """Pending and running stages will still change."""
    assert state.is_settled is is_settled


@given(st.lists(st.floats()))
def test_progress_never_runs_backwards_and_stays_a_percentage(reports: list[float]) -> None:
    """Whatever a tool reports, including NaN, `percent` rises from 0 to at most 100."""
    stage = Stage(StageName.COMPRESS).started(1)
    for report in reports:
        before, stage = stage.percent, stage.progressed(report)
        assert before <= stage.percent <= 100.0
        assert math.isfinite(stage.percent)


def test_progress_is_rounded_to_a_tenth_of_a_percent() -> None:
    """Finer steps would be noise."""
    assert Stage(StageName.COMPRESS).progressed(33.333).percent == 33.3


def test_a_new_attempt_begins_at_zero() -> None:
    """The progress of a lost attempt does not count."""
    stage = Stage(StageName.COMPRESS).started(1).progressed(80).started(2)
    assert stage == Stage(StageName.COMPRESS, StageState.RUNNING, 0.0, 2)


@pytest.mark.parametrize(
    ("state", "percent"), [(StageState.DONE, 100.0), (StageState.FAILED, 40.0), (StageState.SKIPPED, 40.0)]
)
def test_only_a_done_stage_has_a_hundred_percent(state: StageState, percent: float) -> None:
    """A failed stage keeps its percentage."""
    stage = Stage(StageName.COMPRESS).started(1).progressed(40).settled(state)
    assert (stage.state, stage.percent, stage.attempt) == (state, percent, 1)


def test_every_stage_says_what_happens_in_it() -> None:
    """The generated page has a sentence for each."""
    assert list(STAGE_MEANINGS) == list(StageName)


@pytest.mark.parametrize("state", StageState)
def test_only_a_failed_stage_is_reset(state: StageState) -> None:
    """A done or skipped stage stays as it is."""
    stage = Stage(StageName.COMPRESS).started(3).progressed(40).settled(state)
    assert stage.reset() == (Stage(StageName.COMPRESS) if state is StageState.FAILED else stage)


def test_speed_and_remaining_time_are_those_of_a_running_stage() -> None:
    """Neither a new attempt nor an ended stage has them."""
    running = Stage(StageName.DOWNLOAD).started(1).progressed(40, speed=2e6, eta_s=30.0)
    assert (running.speed, running.eta_s) == (2e6, 30.0)
    for stage in (running.started(2), running.settled(StageState.DONE), running.settled(StageState.FAILED)):
        assert (stage.speed, stage.eta_s) == (None, None)
    assert running.settled(StageState.FAILED).percent == 40
