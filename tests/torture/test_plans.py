"""The long proof reaches every crash point."""

from adapters.crashing.points import CRASH_POINTS
from tests.torture.plans import PLANS
from tests.torture.report import percentile

AT_LEAST = 20


def test_every_crash_point_has_a_plan() -> None:
    """But the one that kills each worker again, which is a scenario of its own."""
    planned = {crash_at.partition(":")[0] for crash_at in PLANS}
    assert planned == CRASH_POINTS.keys() - {"self_killing_source"}
    assert len(PLANS) >= AT_LEAST


def test_a_percentile_is_one_of_the_figures() -> None:
    """The smallest that so many percent do not exceed."""
    figures = [float(figure) for figure in range(100, 0, -1)]
    assert [percentile(figures, percent) for percent in (0, 50, 99, 100)] == [1, 50, 99, 100]
    assert (percentile([], 50), percentile([7.0], 99)) == (0, 7)
