"""The plot of a video's processing time: when each step ran in a worker, and without one."""

from pathlib import Path
from typing import Any

import msgspec
from matplotlib.figure import Figure as Canvas

from benchmarks.bare import BareSteps
from benchmarks.figures import Run
from benchmarks.media_figures import MediaObservations, Span

_COLOURS = {
    "download": "#5b8c5a",
    "probe": "#9aa5ad",
    "compress": "#0f5e78",
    "publish": "#d98e04",
    "transcribe": "#a23b72",
}


def draw_media(run: Run, target: Path) -> bool:
    """Draw the steps of the last round; returns whether the run measured any."""
    found = run.details.get("media")
    if found is None:
        return False
    bare, ours = msgspec.convert(found, MediaObservations).rounds[-1]
    canvas: Any = Canvas(figsize=(10, 4.2), layout="constrained")
    axes = canvas.add_subplot(111)
    _bars(axes, 1.0, ours.spans, ours.seconds)
    _bars(axes, 0.0, _one_after_the_other(bare), bare.one_after_the_other_s)
    axes.set_yticks([0.0, 1.0], ["one after\nthe other", "a worker"])
    axes.set_xlabel("seconds since the upload was accepted")
    axes.spines[["top", "right"]].set_visible(False)
    handles = [axes.barh(0, 0, color=colour, label=name) for name, colour in _COLOURS.items()]
    axes.legend(handles=handles, ncols=len(_COLOURS), loc="upper center", bbox_to_anchor=(0.5, 1.16), frameon=False)
    canvas.savefig(target, dpi=110, metadata={"Software": None})
    return True


def _one_after_the_other(bare: BareSteps) -> dict[str, Span]:
    """The steps without a worker, in sequence; extracting the speech counts as part of transcribing."""
    lengths_s = {
        "download": bare.download_s,
        "compress": bare.encode_s,
        "transcribe": bare.audio_s + bare.transcribe_s,
        "publish": bare.upload_s,
    }
    spans: dict[str, Span] = {}
    began_s = 0.0
    for name, length_s in lengths_s.items():
        spans[name] = Span(began_s, began_s + length_s)
        began_s += length_s
    return spans


def _bars(axes: Any, row: float, spans: dict[str, Span], end_s: float) -> None:  # noqa: ANN401 (the library's types)
    """Draw one line of bars per step, so that concurrent steps are visible."""
    for line, (name, colour) in enumerate(_COLOURS.items()):
        if (span := spans.get(name)) is not None:
            place = row + 0.32 - 0.16 * line
            axes.barh(place, span.ended_s - span.began_s, left=span.began_s, height=0.15, color=colour)
    axes.text(end_s, row, f"  {end_s:.1f} s", va="center")
