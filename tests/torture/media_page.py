"""Writes docs/media.md: what happens to each kind of input."""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.ffmpeg.transcoder import MAX_WALL_S, MIN_WALL_S, STALL_S
from adapters.sandbox.limits import MAX_MEMORY_BYTES, MAX_OPEN_FILES
from domain.model.media.acceptance import MAX_FRAME_PIXELS, MAX_FRAME_RATE, MAX_PIXELS, MAX_SIDE_PIXELS, MAX_STREAMS
from tests.media.expected import Input
from tests.media.installations import installed
from tests.media.passage import Passage
from tests.torture.media_figures import MIB, Seen

SAME = "same"

_INTRODUCTION = """# What happens to each kind of input

Written by `./justw torture --only media --publish`. That command makes every input below, sends it through `complete`,
the limits, ffmpeg and publication, and compares the results with the table in `tests/media/corpus.py`: with this
system's ffmpeg, and with those of other Debian suites. A part of the inputs, at least one for each kind of fault and
each outcome, also runs in `./justw test` (`tests/integration/test_media_corpus.py`). What a client can do about a code
is in [lifecycle.md](lifecycle.md).

## The promise

Whatever is uploaded, ffmpeg and ffprobe open no other file and no network address, and use bounded resources:

- A file in no known container is refused at `complete`, by its first bytes.
- Before ffmpeg decodes the picture, the file must pass the limits: at most {pixels:,} pixels and {side:,} a side,
  {rate:g} frames a second, {streams} streams, {all_pixels:,} pixels in all frames together, and a length that the
  operator sets. Of the sound, the first frames are decoded earlier, to find a track that can be heard. Only the
  decoders and demuxers on our allow-lists read the file.
- One run may use {memory} GiB of memory and {files} open files. An encode, a remux, the extraction of the speech track
  or the search for changes of the picture may take between {min_wall} minutes and {max_wall} hours, depending on the
  video's length, and {stall} s without progress; every other run may take at most {min_wall} minutes. The size of the
  output is limited, and the free disk space is checked before the download.
- On Linux a run is held to its memory and files, has no privileges, no network and no other process, and dies with its
  worker. It never gets our environment, and so no secret.
- An original is erased only after its rendition is verified: as long as the source, and readable, and the source could
  be decoded.
"""

_RESULTS = """
## Results

{machine}, {date}. The same files went through each ffmpeg; the {inputs} inputs were made by ffmpeg {maker}.

| figure | {versions} |
|---|{columns}
| results other than in the table | {wrong_outcomes} |
| originals erased although the table does not replace them | {erased} |
| warnings about inputs that the table completes without one | {false_warnings} |
| connections to a listener that the inputs name | {connections} |
| openings of a file that the inputs name | {opens} |
| violations | {violations} |
| tools that died by a signal | {deaths} |
| highest memory of one tool, MiB | {largest} |
| longest time of one input, from `complete` to its end, s | {longest} |

A violation is a foreign byte or a path that was disclosed, a process that was left behind, an input that did not end
(`completed`, `failed` or refused), a good video that was not completed after all of the inputs, or a result other than
in the table. The tools kept the host's network for this run, so that the allow-lists had to hold without the network
namespace. Memory is what the kernel reports for the process (`VmHWM`), read every few milliseconds.

## Inputs

The outcome is the same with each ffmpeg unless a column says otherwise. Memory and time are the highest of all.

| input | what is odd | {outcome_heads} | highest memory, MiB | time, s |
|---|---|{outcome_columns}---:|---:|
{rows}

A video whose outcome is `original` or `original kept` keeps its original; any other `encoded` or `remuxed` video has
its original erased.

## Mutations

{mutations} files with seeded damage, divided among the ffmpegs and made of good files in {containers} containers:
flipped bits, header numbers at their limits, ranges that are zeroed, repeated or removed, files spliced, boxes
shuffled.

| outcome, files | {versions} |
|---|{columns}
{outcomes}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An input, and what came of it with each ffmpeg."""

    input: Input
    passages: tuple[Passage, ...]


def introduction() -> str:
    """The fixed beginning of the page, with the limits that the code has."""
    return _INTRODUCTION.format(
        pixels=MAX_FRAME_PIXELS,
        side=MAX_SIDE_PIXELS,
        rate=MAX_FRAME_RATE,
        all_pixels=MAX_PIXELS,
        streams=MAX_STREAMS,
        memory=MAX_MEMORY_BYTES // 1024**3,
        files=MAX_OPEN_FILES,
        min_wall=round(MIN_WALL_S / 60),
        max_wall=round(MAX_WALL_S / 3600),
        stall=round(STALL_S),
    )


def media_page(rows: Sequence[Row], seen: Sequence[Seen], containers: int) -> str:
    """The page in Markdown, without a path of this machine; the first column is the oldest ffmpeg."""
    return introduction() + _RESULTS.format(
        machine=f"{platform.machine()} with {os.cpu_count()} cores, Linux {platform.release()}",
        date=datetime.now(UTC).date(),
        inputs=len(rows),
        maker=installed().version,
        mutations=sum(len(each.mutated) for each in seen),
        containers=containers,
        versions=_cells(f"ffmpeg {each.version}" for each in seen),
        columns="---:|" * len(seen),
        wrong_outcomes=_cells(each.wrong_outcomes for each in seen),
        erased=_cells(each.erased for each in seen),
        false_warnings=_cells(each.false_warnings for each in seen),
        connections=_cells(each.connections for each in seen),
        opens=_cells(each.opens for each in seen),
        violations=_cells(each.violations for each in seen),
        deaths=_cells(each.deaths for each in seen),
        largest=_cells(f"{each.largest[0] / MIB:,.0f} ({each.largest[1]})" for each in seen),
        longest=_cells(f"{each.longest_wall_s:.1f}" for each in seen),
        outcome_heads=_cells(
            f"outcome with {each.version}" if each is seen[0] else f"with {each.version}" for each in seen
        ),
        outcome_columns="---|" * len(seen),
        rows="\n".join(map(_row, rows)),
        outcomes="\n".join(_mutation_rows(seen)),
    )


def _row(row: Row) -> str:
    first, *others = (passage.outcome.summary for passage in row.passages)
    outcomes = _cells([first, *(SAME if outcome == first else outcome for outcome in others)])
    peak_mib = max(passage.peak_memory_bytes for passage in row.passages) / MIB
    wall_s = max(passage.wall_s for passage in row.passages)
    return f"| {row.input.name} | {row.input.oddity} | {outcomes} | {peak_mib:.0f} | {wall_s:.2f} |"


def _mutation_rows(seen: Sequence[Seen]) -> list[str]:
    counted = [each.mutation_outcomes for each in seen]
    total = sum(counted, Counter[str]())
    return [f"| {outcome} | {_cells(each[outcome] for each in counted)} |" for outcome, _ in total.most_common()]


def _cells(contents: Iterable[object]) -> str:
    return " | ".join(map(str, contents))
