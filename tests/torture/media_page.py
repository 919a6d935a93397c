"""The page that tells what becomes of every kind of input."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.ffmpeg.transcoder import MAX_WALL_S, MIN_WALL_S, STALL_S
from adapters.programs.sandbox import MAX_MEMORY_BYTES, MAX_OPEN_FILES
from domain.model.media import MAX_FRAME_RATE, MAX_PICTURE_PIXELS, MAX_SIDE_PIXELS, MAX_STREAMS
from tests.media import make
from tests.media.expected import Input
from tests.media.passage import Passage

MIB = 1024**2

_PAGE = """# What becomes of a video

Written by `./justw torture --only media --publish`, which makes every input below, sends it through `complete`, the
gate, ffmpeg and publication, and compares what comes out with the table in `tests/media/corpus.py`. Most of it runs in
`./justw test`, too (`tests/integration/test_media_corpus.py`). What a client can do about a code is in
[lifecycle.md](lifecycle.md).

## The promise

Whatever is uploaded, ffmpeg and ffprobe open no other file and no address, and use no more than they may:

- a file that is in no container that we know is refused at `complete`, by its first bytes;
- the gate takes one picture of at most {pixels:,} pixels and {side:,} a side, {rate:g} frames a second, {streams}
  streams, and a length that the operator sets; only the decoders and demuxers on our lists see a stranger's bytes;
- one run has {memory} GiB of memory, {files} open files, between {min_wall} minutes and {max_wall} hours by the video's
  length, and {stall} s without progress; its output is capped, and the disk's space is looked at before the download;
- it runs with no privilege, no secret, no network where the host lets it leave that, and dies with its worker;
- an original is only erased when its rendition is proven: as long as the source, and readable.

## Seen

{machine}, {date}:

| figure | |
|---|---|
| inputs, mutations of good files | {inputs}, {mutations} |
| connections to a listener that the inputs name | {connections} |
| openings of a file that the inputs name | {opens} |
| foreign bytes or paths told, processes or folders left, stuck, other than the table says | {violations} |
| tools that died by a signal | {deaths} |
| most memory of one tool | {largest:.0f} MiB ({largest_of}) |
| longest way of one input, from `complete` to its end | {longest:.1f} s |
| good videos after all of them | completed |

The tools kept the host's network for this, so that the lists had to hold without the network namespace. Memory is what
the kernel says of the process (`VmHWM`), looked at every few milliseconds.

## Inputs

| input | what is odd | outcome | most memory, MiB | wall, s |
|---|---|---|---:|---:|
{rows}

A video whose original is played as it is keeps it; `encoded` and `remuxed` ones have theirs erased.

## Mutations

Seeded damage to good files in {containers} containers: flipped bits, header numbers at their limits, ranges zeroed,
repeated or lost, files spliced, boxes shuffled.

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


def media_page(rows: Sequence[Row], seen: Seen, containers: int) -> str:
    """The page in Markdown, without a path of this machine."""
    return _PAGE.format(
        pixels=MAX_PICTURE_PIXELS,
        side=MAX_SIDE_PIXELS,
        rate=MAX_FRAME_RATE,
        streams=MAX_STREAMS,
        memory=MAX_MEMORY_BYTES // 1024**3,
        files=MAX_OPEN_FILES,
        min_wall=round(MIN_WALL_S / 60),
        max_wall=round(MAX_WALL_S / 3600),
        stall=round(STALL_S),
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
        rows="\n".join(map(_told, rows)),
        containers=containers,
        outcomes="\n".join(f"| {outcome} | {count} |" for outcome, count in seen.outcomes.items()),
    )


def _told(row: Row) -> str:
    passage = row.passage
    peak_mib = passage.peak_memory_bytes / MIB
    outcome = passage.came_of.told
    return f"| {row.input.name} | {row.input.oddity} | {outcome} | {peak_mib:.0f} | {passage.wall_s:.2f} |"


def _machine() -> str:
    said = subprocess.run(make.command("-version"), check=True, capture_output=True, text=True).stdout
    return f"ffmpeg {said.split()[2]}, {platform.machine()} with {os.cpu_count()} cores, Linux {platform.release()}"
