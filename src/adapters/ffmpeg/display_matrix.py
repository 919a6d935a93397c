"""Classifies display matrices, with which a container asks for a rotated, reflected or distorted picture."""

import re
from dataclasses import dataclass

# ffprobe prints three rows, each after its number; the third column and the third row do not rotate.
_ROW = re.compile(r"^0000000[01]: +(-?\d{1,10}) +(-?\d{1,10}) +-?\d{1,10}$", re.ASCII | re.MULTILINE)
_ROWS = 2
_QUARTER_TURN_DEGREES, _FULL_TURN_DEGREES = 90, 360
# A rotation that was computed is not exact: this share of the largest number counts as zero.
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class DisplayMatrix:
    """What a matrix does to the picture.

    `is_turned`: anything at all. `is_on_its_side`: a quarter turn in either direction. `is_skewed`: something else than
    quarter turns and reflections.
    """

    is_turned: bool = False
    is_on_its_side: bool = False
    is_skewed: bool = False


def parse_matrix(text: str, rotation: float) -> DisplayMatrix:
    """The matrix, from ffprobe's text; without one, from the angle in degrees."""
    rows = [[int(number) for number in row] for row in _ROW.findall(text)]
    if len(rows) != _ROWS:
        return _rotated(round(rotation))
    (right, across), (down, low) = rows
    least = _ROUNDING * max(abs(number) for row in rows for number in row)
    is_straight = abs(right) > least or abs(low) > least
    is_crossed = abs(across) > least or abs(down) > least
    return DisplayMatrix(
        is_turned=is_crossed or right <= 0 or low <= 0,
        is_on_its_side=is_crossed and not is_straight,
        is_skewed=is_crossed and is_straight,
    )


def _rotated(degrees: int) -> DisplayMatrix:
    return DisplayMatrix(
        is_turned=degrees % _FULL_TURN_DEGREES != 0,
        is_on_its_side=degrees % (2 * _QUARTER_TURN_DEGREES) == _QUARTER_TURN_DEGREES,
        is_skewed=degrees % _QUARTER_TURN_DEGREES != 0,
    )
