"""Writes docs/media.md: what happens to each kind of input."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.ffmpeg.transcoder import MAX_WALL_S, MIN_WALL_S, STALL_S
from adapters.sandbox.limits import MAX_MEMORY_BYTES, MAX_OPEN_FILES
from domain.model.media.acceptance import MAX_FRAME_PIXELS, MAX_FRAME_RATE, MAX_PIXELS, MAX_SIDE_PIXELS, MAX_STREAMS
from tests.media import make
from tests.media.expected import Input
from tests.media.passage import Passage

MIB = 1024**2

_INTRODUCTION = """# What happens to each kind of input

Written by `./justw torture --only media --publish`. That command makes every input below, sends it through `complete`,
the limits, ffmpeg and publication, and compares the results with the table in `tests/media/corpus.py`. Most of the
inputs also run in `./justw test` (`tests/integration/test_media_corpus.py`). What a client can do about a code is in
[lifecycle.md](lifecycle.md).

## The promise

Whatever is uploaded, ffmpeg and ffprobe open no other file and no network address, and use bounded resources:

- A file in no known container is refused at `complete`, by its first bytes.
- Before anything is decoded, the file must pass the limits: at most {pixels:,} pixels and {side:,} a side, {rate:g}
  frames a second, {streams} streams, {all_pixels:,} pixels in all frames together, and a length that the operator sets.
  Only the decoders and demuxers on our allow-lists read the file.
- One run may use {memory} GiB of memory and {files} open files. An encode, a remux, the extraction of the speech track
  or the search for changes of the picture may take between {min_wall} minutes and {max_wall} hours, depending on the
  video's length, and {stall} s without progress; every other run may take at most {min_wall} minutes. The size of the
  output is limited, and the free disk space is checked before the download.
- Where the host has the programs of util-linux and allows it, a run is held to its memory and files, has no privileges
  and no network, and dies with its worker. It never gets our environment, and so no secret.
- An original is erased only after its rendition is verified: as long as the source, and readable, and the source could
  be decoded.
"""

_RESULTS = """
## Results

{machine}, {date}:

| figure | |
|---|---|
| inputs, mutations of good files | {inputs}, {mutations} |
| connections to a listener that the inputs name | {connections} |
| openings of a file that the inputs name | {opens} |
| violations | {violations} |
| tools that died by a signal | {deaths} |
| highest memory of one tool | {largest:.0f} MiB ({largest_of}) |
| longest time of one input, from `complete` to its end | {longest:.1f} s |
| good videos after all of them | completed |

A violation is a foreign byte or a path that was disclosed, a process that was left behind, an input that did not end
(`completed`, `failed` or refused), or a result other than in the table. The tools kept the host's network for this run,
so that the allow-lists had to hold without the network namespace. Memory is what the kernel reports for the process
(`VmHWM`), read every few milliseconds.

## Inputs

| input | what is odd | outcome | highest memory, MiB | time, s |
|---|---|---|---:|---:|
{rows}

A video whose original is published keeps it; an `encoded` or `remuxed` video has its original erased.

## Mutations

Seeded damage to good files in {containers} containers: flipped bits, header numbers at their limits, ranges that are
zeroed, repeated or removed, files spliced, boxes shuffled.

| outcome | files |
|---|---:|
{outcomes}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An input, and what came of it."""

    input: Input
    passage: Passage


@dataclass(frozen=True, slots=True)
class Seen:
    """The figures of a whole run."""

    mutations: int
    outcomes: dict[str, int]
    deaths: int
    largest_memory_mib: float
    largest_of: str
    longest_wall_s: float
    opens: int
    connections: int
    violations: int

    def figures(self) -> dict[str, float]:
        """For the report."""
        return {
            "canary_opens": self.opens,
            "connections": self.connections,
            "deaths_of_tools": self.deaths,
            "largest_memory_mib": round(self.largest_memory_mib, 1),
            "longest_wall_s": round(self.longest_wall_s, 2),
        }


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


def media_page(rows: Sequence[Row], seen: Seen, containers: int) -> str:
    """The page in Markdown, without a path of this machine."""
    return introduction() + _RESULTS.format(
        machine=_machine(),
        date=datetime.now(UTC).date(),
        inputs=len(rows),
        mutations=seen.mutations,
        connections=seen.connections,
        opens=seen.opens,
        violations=seen.violations,
        deaths=seen.deaths,
        largest=seen.largest_memory_mib,
        largest_of=seen.largest_of,
        longest=seen.longest_wall_s,
        rows="\n".join(map(_row, rows)),
        containers=containers,
        outcomes="\n".join(f"| {outcome} | {count} |" for outcome, count in seen.outcomes.items()),
    )


def _row(row: Row) -> str:
    passage = row.passage
    peak_mib = passage.peak_memory_bytes / MIB
    outcome = passage.outcome.summary
    return f"| {row.input.name} | {row.input.oddity} | {outcome} | {peak_mib:.0f} | {passage.wall_s:.2f} |"


def _machine() -> str:
    version = subprocess.run(make.command("-version"), check=True, capture_output=True, text=True).stdout
    return f"ffmpeg {version.split()[2]}, {platform.machine()} with {os.cpu_count()} cores, Linux {platform.release()}"
