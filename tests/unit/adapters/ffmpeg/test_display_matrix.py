"""Display matrices."""

import pytest

from adapters.ffmpeg.display_matrix import DisplayMatrix, parse_matrix


def text(right: int, across: int, down: int, low: int) -> str:
    """A matrix as ffprobe prints it."""
    rows = (right, across, 0), (down, low, 0), (0, 0, 1 << 30)
    return "\n" + "".join(f"{number:08}: {a:12} {b:11} {c:11}\n" for number, (a, b, c) in enumerate(rows))


ONE = 65536
QUARTER = DisplayMatrix(is_turned=True, is_on_its_side=True)
REFLECTED = DisplayMatrix(is_turned=True)
SKEWED = DisplayMatrix(is_turned=True, is_skewed=True)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((ONE, 0, 0, ONE), DisplayMatrix()),
        ((1000 * ONE, 0, 0, ONE), DisplayMatrix()),
        ((ONE, 3, -3, ONE), DisplayMatrix()),
        ((0, ONE, -ONE, 0), QUARTER),
        ((0, -ONE, ONE, 2), QUARTER),
        ((0, ONE, ONE, 0), QUARTER),
        ((-ONE, 0, 0, ONE), REFLECTED),
        ((-ONE, 0, 0, -ONE), REFLECTED),
        ((0, 0, 0, 0), REFLECTED),
        ((46340, 46340, -46340, 46340), SKEWED),
        ((ONE, 32768, 0, ONE), SKEWED),
    ],
)
def test_a_matrix_is_classified(matrix: tuple[int, int, int, int], expected: DisplayMatrix) -> None:
    """By its four numbers; small ones are the rounding of a computed rotation."""
    assert parse_matrix(text(*matrix), 0.0) == expected


@pytest.mark.parametrize(("rotation", "expected"), [(0.0, DisplayMatrix()), (-90.0, QUARTER), (180.0, REFLECTED)])
def test_without_a_matrix_the_angle_counts(rotation: float, expected: DisplayMatrix) -> None:
    """As in the description of other side data, which has neither."""
    assert parse_matrix("", rotation) == expected
