"""Generates the page about the lifecycle of a video from the domain model."""

from collections.abc import Iterable
from textwrap import dedent

from domain.model.failure import FAILURE_ADVICE, WARNING_ADVICE
from domain.model.stage import STAGE_MEANINGS, StageState
from domain.model.videos.events import event_type
from domain.model.videos.lifecycle import TRANSITIONS, VideoStatus

_PAGE = dedent("""\
    <!-- Generated from src/domain/model by `python scripts/docs.py`: change the model, not this page. -->

    # Lifecycle of a video

    ```mermaid
    {diagram}
    ```

    ## Transitions

    Every transition of a video's public `status`; any other is rejected with `invalid_transition`. Each is one event
    in the [log of events](events.md).

    {steps}

    ## Stages

    The entries of `stages[]`, in order. The state of each is {states}.

    {stages}

    ## Failure codes

    The values of `failure.code`, and what to do about each.

    {failures}

    ## Warning codes

    The codes in `warnings[]`. The video is usable despite a warning.

    {warnings}
    """)


def lifecycle_page() -> str:
    """Return the content of the page."""
    return _PAGE.format(
        diagram=_diagram(),
        steps=_table(("from", "event", "to", "in the log of events"), _steps()),
        states=_listed([f"`{state}`" for state in StageState]),
        stages=_table(("stage", "what happens"), _coded(STAGE_MEANINGS.items())),
        failures=_table(("code", "what it means and what to do"), _coded(FAILURE_ADVICE.items())),
        warnings=_table(("code", "what it means and what to do"), _coded(WARNING_ADVICE.items())),
    )


def _diagram() -> str:
    """A Mermaid state diagram of the transition table."""
    steps = [f"    {before} --> {after}: {event}" for (before, event), after in TRANSITIONS.items()]
    ends = [f"    {status} --> [*]" for status in VideoStatus if status.is_terminal]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {VideoStatus.UPLOADING}", *steps, *ends])


def _steps() -> Iterable[tuple[str, ...]]:
    for (before, event), after in TRANSITIONS.items():
        # The same transition of an upload and of an import may have different names in the log.
        names = dict.fromkeys(f"`{event_type(event, is_imported=is_imported)}`" for is_imported in (False, True))
        yield f"`{before}`", f"`{event}`", f"`{after}`", " or ".join(names)


def _coded(meanings: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((f"`{code}`", meaning) for code, meaning in meanings)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ("---",) * len(heads), *rows))


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
