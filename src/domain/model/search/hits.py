"""Hits: the cues that match a query, and their order by time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from zlib import crc32

from domain.model.ids import VideoId

# A position is a 63-bit number: 45 bits for the video's slot, 18 bits for the cue.
_CUE_BITS = 18
CUES_PER_SLOT = 1 << _CUE_BITS
_SLOTS = 1 << 45
LAST_POSITION = (1 << 63) - 1
_SLOTS_PER_S = 1 << 14
_FIRST_SLOT_AT = datetime(2020, 1, 1, tzinfo=UTC)
_MAX_STEP = 1024
_MICROSECONDS = 1_000_000


def slots_of(created_at: datetime, video_id: VideoId) -> Iterator[int]:
    """The slots that a video may take in the order of hits, the preferred one first.

    A slot is 1/16384 of a second of the time at which the video was created. Two videos cannot share one, so the second
    takes the next slot of its own sequence that is free.
    """
    since = (created_at - _FIRST_SLOT_AT) // timedelta(microseconds=1)
    first = since * _SLOTS_PER_S // _MICROSECONDS
    step = 1 + crc32(video_id.encode(errors="surrogatepass")) % _MAX_STEP
    return (slot % _SLOTS for slot in count(max(0, first), step))


def position_of(slot: int, cue: int) -> int:
    """The position of a cue: hits are listed from the highest position down, so a video's earliest cue comes first."""
    return slot * CUES_PER_SLOT + (CUES_PER_SLOT - 1 - cue)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A cue that matches, with its video."""

    position: int
    video_id: VideoId
    filename: str
    title: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class HitCursor:
    """The place after one hit, in the order of time."""

    position: int
