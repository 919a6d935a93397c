"""The progress callback that transfers and encoders call."""

from collections.abc import Callable

OnProgress = Callable[[float], None]
