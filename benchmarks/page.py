"""The figures in docs/performance.md: one table between two markers, written from the run that is kept beside it."""

from pathlib import Path
from shutil import copy

import msgspec

from benchmarks.figures import Run
from benchmarks.plot import draw
from benchmarks.upload_plot import draw_uploads

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "figures" / "performance.json"
PLOT = KEPT.with_suffix(".svg")
UPLOAD_PLOT = KEPT.with_name("uploads.png")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def publish(result: Path) -> None:
    """Keep a run, and let the page quote it."""
    KEPT.parent.mkdir(exist_ok=True)
    copy(result, KEPT)
    run = kept_run()
    draw(run, PLOT)
    draw_uploads(run, UPLOAD_PLOT)
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), run), encoding="utf-8")


def kept_run() -> Run:
    """The run that the page quotes."""
    return msgspec.json.decode(KEPT.read_bytes(), type=Run)


def with_figures(page: str, run: Run) -> str:
    """The page with this run's figures between its markers.

    Raises:
        ValueError: the markers are not there.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} has lost its markers.")
    return f"{before}{BEGIN}\n{_section(run)}\n{END}{after}"


def _section(run: Run) -> str:
    described = ", ".join(f"{name}: {text}" for name, text in run.machine.items())
    missed = sum(not each.is_met for each in run.figures)
    return "\n\n".join(
        (
            f"`{run.command}`, {run.date}. {described}.",
            f"Met: {len(run.figures) - missed}. Missed: {missed}.",
            run.told,
        )
    )
