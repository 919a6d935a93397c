"""The progress callback that transfers and encoders call."""

from collections.abc import Callable

OnProgress = Callable[[float], None]
"""Called with the progress of a transfer or an encode, 0 to 100, any number of times; it never blocks."""
