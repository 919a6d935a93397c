"""Which parts of a file are in use."""

from adapters.ffmpeg.byte_map import MAX_CELLS, MIN_CELL_BYTES, OTHER, ByteMap

CELL = MIN_CELL_BYTES


def runs(used: ByteMap) -> list[tuple[int, int, bool]]:
    """The unused parts: start, end, and whether something else lies in them."""
    return [(run.start, run.end, run.has_other) for run in used.runs()]


def test_what_is_not_marked_is_unused() -> None:
    """At the resolution of a cell, in order; the last cell may be shorter."""
    used = ByteMap(10 * CELL + 7)
    assert runs(used) == [(0, 10 * CELL + 7, False)]
    used.mark(CELL, 2 * CELL)
    used.mark(5 * CELL - 1, 5 * CELL + 1)
    assert runs(used) == [(0, CELL, False), (2 * CELL, 4 * CELL, False), (6 * CELL, 10 * CELL + 7, False)]


def test_a_use_replaces_another_mark_and_never_the_reverse() -> None:
    """A part that both use is used."""
    used = ByteMap(4 * CELL)
    used.mark(0, 3 * CELL, OTHER)
    assert runs(used) == [(0, 4 * CELL, True)]
    used.mark(0, CELL)
    used.mark(0, CELL, OTHER)
    assert runs(used) == [(CELL, 4 * CELL, True)]
    used.mark(CELL, 3 * CELL)
    assert runs(used) == [(3 * CELL, 4 * CELL, False)]


def test_marks_beyond_the_file_are_cut() -> None:
    """A damaged packet may claim any size."""
    used = ByteMap(4 * CELL)
    used.mark(3 * CELL, 10**12)
    used.mark(10**12, 10**12 + 5)
    used.mark(CELL, CELL)
    assert runs(used) == [(0, 3 * CELL, False)]


def test_a_large_file_needs_no_more_memory() -> None:
    """Its cells are larger."""
    used = ByteMap(100 * 10**9)
    used.mark(0, 60 * 10**9)
    ((start, end, _),) = runs(used)
    assert (start - 60 * 10**9) < 2 * 100 * 10**9 / MAX_CELLS
    assert end == 100 * 10**9
