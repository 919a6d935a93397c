"""How the table of the corpus is written: an input, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.media.lures import Maker, written

LONGEST_S = 4 * 3600

ENCODED = "encoded"
REMUXED = "remuxed"
ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Expected:
    """What becomes of an input: `refused` at `complete`, `failed` in the worker, or `completed`.

    `how` is the code of the refusal or the failure, or what is published; `warnings` are those of the video.
    """

    outcome: str
    how: str
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """In words, for a table."""
        told = f"{self.outcome}, `{self.how}`" if self.outcome != "completed" else f"{self.outcome}, {self.how}"
        return ", ".join([told, *(f"`{warning}`" for warning in self.warnings)])


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name, what is odd about it, how it is made, and what must come of it.

    Only the long run has time for one that `is_extra`.
    """

    name: str
    oddity: str
    make: Maker
    expected: Expected
    is_extra: bool = False


def refused(code: str = "not_a_video") -> Expected:
    """`complete` says no."""
    return Expected("refused", code)


def failed(code: str) -> Expected:
    """The worker says no."""
    return Expected("failed", code)


def completed(how: str = ENCODED, *warnings: str) -> Expected:
    """It plays."""
    return Expected("completed", how, warnings)


TRUNCATED = completed(ORIGINAL, "source_truncated")
DAMAGED = completed(ORIGINAL, "source_damaged")
UNPROVEN = completed(ORIGINAL, "compression_failed")


def plain(film: Callable[..., object], *arguments: object, **options: object) -> Maker:
    """A maker that needs no bait."""
    return lambda target, _bait: film(target, *arguments, **options)


def bytes_of(content: bytes) -> Maker:
    """A maker of a file of just these bytes."""
    return written(lambda _target, _bait: content)
