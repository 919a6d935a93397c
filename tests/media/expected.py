"""The row type of the corpus: an input and its expected outcome, with short constructors."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.media.lures import Maker, written

LONGEST_S = 4 * 3600

ENCODED = "encoded"
REMUXED = "remuxed"
ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Expected:
    """The outcome of an input: `refused` at `complete`, `failed` in the worker, or `completed`.

    `how` is the error code of the refusal or the failure, or the kind of publication; `warnings` are warning codes.
    """

    outcome: str
    how: str
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The outcome as text, for a table."""
        outcome = f"{self.outcome}, `{self.how}`" if self.outcome != "completed" else f"{self.outcome}, {self.how}"
        return ", ".join([outcome, *(f"`{warning}`" for warning in self.warnings)])


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name, what is odd about it, its maker, and the expected outcome.

    Only the torture run processes inputs that are `is_extra`, to save time.
    """

    name: str
    oddity: str
    make: Maker
    expected: Expected
    is_extra: bool = False


def refused(code: str = "not_a_video") -> Expected:
    """`complete` refuses the upload."""
    return Expected("refused", code)


def failed(code: str) -> Expected:
    """The worker fails the video."""
    return Expected("failed", code)


def completed(how: str = ENCODED, *warnings: str) -> Expected:
    """The video is completed, and can be played."""
    return Expected("completed", how, warnings)


TRUNCATED = completed(ORIGINAL, "source_truncated")
DAMAGED = completed(ORIGINAL, "source_damaged")
UNPROVEN = completed(ORIGINAL, "compression_failed")


def plain(film: Callable[..., object], *arguments: object, **options: object) -> Maker:
    """Adapt a function that needs no bait."""
    return lambda target, _bait: film(target, *arguments, **options)


def bytes_of(content: bytes) -> Maker:
    """Make a file of exactly these bytes."""
    return written(lambda _target, _bait: content)
