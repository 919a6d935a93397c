"""Writes the tables of docs/performance.md, between two markers, from the runs stored next to it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from benchmarks.figures import Run
from benchmarks.media_plot import draw_media
from benchmarks.plot import draw
from benchmarks.upload_plot import draw_uploads

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "figures" / "performance.json"
PLOT = KEPT.with_suffix(".svg")
UPLOAD_PLOT = KEPT.with_name("uploads.png")
MEDIA_PLOT = KEPT.with_name("media.png")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def publish(result: Path) -> None:
    """Store a run, which replaces older figures for the same goals, and update the page and the plots."""
    KEPT.parent.mkdir(exist_ok=True)
    run = msgspec.json.decode(result.read_bytes(), type=Run)
    KEPT.write_bytes(msgspec.json.format(msgspec.json.encode(after(kept_runs(), run)), indent=2) + b"\n")
    draw(run, PLOT)
    draw_uploads(run, UPLOAD_PLOT)
    draw_media(run, MEDIA_PLOT)
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), kept_runs()), encoding="utf-8")


def kept_runs() -> list[Run]:
    """The runs that the page quotes, newest first."""
    return msgspec.json.decode(KEPT.read_bytes(), type=list[Run])


def after(kept: Sequence[Run], run: Run) -> list[Run]:
    """The new run, followed by the older ones, which keep only figures for goals that the new one did not measure."""
    goals = {each.goal for each in run.figures}
    older = (replace(one, figures=[each for each in one.figures if each.goal not in goals]) for one in kept)
    return [run, *(one for one in older if one.figures)]


def with_figures(page: str, runs: Sequence[Run]) -> str:
    """The page with the figures of these runs between its markers.

    Raises:
        ValueError: the page lacks the markers.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, rest_of_page = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} lacks its markers.")
    sections = "\n\n".join(map(_section, runs))
    return f"{before}{BEGIN}\n{sections}\n{END}{rest_of_page}"


def _section(run: Run) -> str:
    described = ", ".join(f"{name}: {text}" for name, text in run.machine.items())
    missed = sum(not each.is_met for each in run.figures)
    return "\n\n".join(
        (
            f"`{run.command}`, {run.date}. {described}.",
            f"Met: {len(run.figures) - missed}. Missed: {missed}.",
            run.summary,
        )
    )
