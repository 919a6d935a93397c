import pytest
from benchmarks.figures import Figure, Run, figure, table
from benchmarks.load import Round, medians, ratios
from benchmarks.page import BEGIN, END, PAGE, after, kept_runs, with_figures
from msgspec.structs import replace


def a_figure(value: float, *, at_least: float | None = None, at_most: float | None = None) -> Figure:
    """One figure of one round."""
    return figure("F0", "something", [value], measured="so and so", at_least=at_least, at_most=at_most)


def a_round(rate: float) -> Round:
    """A round with this rate of requests."""
    return Round(requests=1, requests_per_s=rate, p50_ms=1, p99_ms=2, cpu_us=3)


def a_run(*figures: Figure) -> Run:
    """A run with these figures."""
    return Run(
        date="2026-01-01 00:00 UTC", command="bench", is_quick=False, machine={}, figures=list(figures), details={}
    )


@pytest.mark.parametrize(
    ("reached", "verdict"),
    [
        (a_figure(4.0, at_least=4), "met"),
        (a_figure(3.0, at_least=4), "missed by 25 %"),
        (a_figure(1.0, at_most=1), "met"),
        (a_figure(1.5, at_most=1), "missed by 50 %"),
        (a_figure(0.0, at_most=0), "met"),
        (a_figure(0.1, at_most=0), "missed"),
    ],
)
def test_a_missed_goal_says_by_how_much(reached: Figure, verdict: str) -> None:
    """A goal is a minimum or a maximum; a value equal to it meets it; a miss is given in percent of the goal."""
    assert reached.verdict == verdict


def test_a_figure_is_the_median_with_its_spread() -> None:
    """One disturbed round changes the spread, not the figure."""
    reached = figure("F0", "something", [5.0, 1.0, 4.0], measured="so and so", at_least=4)
    assert (reached.value, reached.low, reached.high) == (4.0, 1.0, 5.0)


def test_a_very_small_figure_is_shown_without_exponents() -> None:
    """Exponents are hard to read in a table; zero stays zero."""
    assert a_figure(2e-05, at_most=1).reached == "< 0.0001 \N{MULTIPLICATION SIGN}"
    assert a_figure(0.0, at_most=1).reached == "0 \N{MULTIPLICATION SIGN}"


def test_a_figure_without_a_goal_is_refused() -> None:
    """Without a goal, a figure proves nothing."""
    with pytest.raises(ValueError, match="goal"):
        figure("F0", "something", [1.0], measured="so and so")


def test_ratios_are_of_rounds_that_followed_one_another() -> None:
    """A machine that slows down affects both sides of a pair."""
    ours, theirs = [a_round(100), a_round(50)], [a_round(50), a_round(25)]
    assert ratios(ours, theirs, "requests_per_s") == [2.0, 2.0]
    assert medians(ours).requests_per_s == 75


def test_the_table_has_a_row_for_every_figure() -> None:
    """No measurement is omitted, even one that misses its goal."""
    rows = table([a_figure(3.0, at_least=4), a_figure(4.0, at_least=4)]).splitlines()
    assert len(rows) == 4
    assert "missed by 25 %" in rows[2]


def test_a_page_keeps_its_text_around_the_figures() -> None:
    """Only the text between the markers is replaced."""
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    written = with_figures(page, [a_run(a_figure(3.0, at_least=4))])
    assert written.startswith("before\n")
    assert written.endswith("\nafter\n")
    assert "old" not in written
    assert with_figures(written, [a_run(a_figure(3.0, at_least=4))]) == written


def test_a_new_run_replaces_older_figures_for_its_goals() -> None:
    """Benchmarks can be rerun separately; an older run without remaining figures is removed."""
    first, second, third = (replace(a_figure(3.0, at_least=4), goal=goal) for goal in ("F1", "F2", "F3"))
    older = [a_run(first, second), a_run(third)]
    newest = a_run(second, third)
    assert after(older, newest) == [newest, a_run(first)]


def test_a_page_without_markers_is_refused() -> None:
    """The figures must not be dropped silently."""
    with pytest.raises(ValueError, match="markers"):
        with_figures("no place for figures", [a_run()])


def test_the_performance_page_quotes_the_run_that_is_kept() -> None:
    """No figure in it is written by hand."""
    page = PAGE.read_text(encoding="utf-8")
    assert with_figures(page, kept_runs()) == page
