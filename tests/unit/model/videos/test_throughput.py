from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.model.videos.throughput import WINDOW_S, Throughput
from tests.support.builders import NOW


def _pace(*reports: tuple[float, float]) -> Throughput:
    pace = Throughput()
    for moment_s, percent in reports:
        pace = pace.after(NOW + timedelta(seconds=moment_s), percent)
    return pace


def test_one_report_gives_no_speed() -> None:
    """A stage that resumes an earlier attempt's work may begin at any percentage."""
    for pace in (_pace(), _pace((0, 60))):
        assert (pace.percent_per_s, pace.eta_s, pace.speed(1000)) == (0.0, None, None)


def test_two_reports_give_speed_and_remaining_time() -> None:
    """At 60 %, two percentage points per second leave twenty seconds."""
    pace = _pace((0, 60), (1, 62), (5, 70))
    assert (pace.percent_per_s, pace.eta_s) == (2.0, 15.0)
    assert pace.speed(1000) == 20.0


def test_a_stage_without_an_amount_has_no_speed() -> None:
    """The remaining time is known all the same."""
    pace = _pace((0, 0), (1, 1))
    assert (pace.speed(0), pace.eta_s) == (None, 99.0)


def test_old_reports_do_not_count() -> None:
    """A slow beginning does not count forever."""
    slow_then_fast = [(moment_s, float(moment_s)) for moment_s in range(11)]
    fast = [(10 + moment_s, 10.0 + 4 * moment_s) for moment_s in range(1, 21)]
    assert _pace(*slow_then_fast, *fast).percent_per_s == 4.0


def test_a_standstill_reduces_the_speed() -> None:
    """After a long silence, the last report before it still counts."""
    assert _pace((0, 0), (1, 10), (101, 20)).percent_per_s == 0.1


def test_reports_at_one_moment_give_no_speed() -> None:
    """There is no division by zero."""
    assert _pace((0, 10), (0, 20)).eta_s is None


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 100)), max_size=60))
def test_a_pace_is_small_and_never_runs_backwards(steps: list[tuple[float, float]]) -> None:
    """This holds for any number and any values of reports."""
    pace, moment_s = Throughput(), 0.0
    for step_s, percent in steps:
        moment_s += step_s
        pace = pace.after(NOW + timedelta(seconds=moment_s), percent)
        early = [at for at, _ in pace.reports if moment_s - (at - NOW).total_seconds() > WINDOW_S]
        assert len(early) <= 1
        assert pace.percent_per_s >= 0.0
        assert pace.eta_s is None or pace.eta_s >= 0.0
