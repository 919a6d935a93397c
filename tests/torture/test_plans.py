"""The torture runs reach every crash point."""

from adapters.failpoints.catalogue import CRASH_POINTS
from tests.torture.plans import PLANS
from tests.torture.report import percentile

AT_LEAST = 20


def test_every_crash_point_has_a_plan() -> None:
    """The exception is `self_killing_source`, which a scenario covers."""
    planned = {crash_at.partition(":")[0] for crash_at in PLANS}
    assert planned == CRASH_POINTS.keys() - {"self_killing_source"}
    assert len(PLANS) >= AT_LEAST


def test_a_percentile_is_one_of_the_figures() -> None:
    """It is the smallest figure such that at least this share of the figures is not larger."""
    figures = [float(figure) for figure in range(100, 0, -1)]
    assert [percentile(figures, percent) for percent in (0, 50, 99, 100)] == [1, 50, 99, 100]
    assert (percentile([], 50), percentile([7.0], 99)) == (0, 7)
