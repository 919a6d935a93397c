"""The row type of the corpus: an input and its expected outcome, with short constructors."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.media.lures import Maker, written

LONGEST_S = 4 * 3600

ENCODED = "encoded"
REMUXED = "remuxed"
ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an input.

    `status` is `refused` (by `complete`), `failed` (in the worker) or `completed`. `how` is the error code of
    the refusal or the failure, or the kind of publication. `warnings` are warning codes. `keeps_original` says that the
    original is kept beside its rendition.
    """

    status: str
    how: str
    warnings: tuple[str, ...] = ()
    keeps_original: bool = False

    @property
    def erases_original(self) -> bool:
        """Whether only a rendition is left of the input."""
        return self.status == "completed" and self.how != ORIGINAL and not self.keeps_original

    @property
    def summary(self) -> str:
        """The outcome as text, for a table."""
        how = self.how if self.status == "completed" else f"`{self.how}`"
        original = ["original kept"] if self.keeps_original else []
        return ", ".join([self.status, how, *original, *(f"`{warning}`" for warning in self.warnings)])


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its filename, what is odd about it, a function that makes it, and the expected outcome.

    Only the torture run processes inputs that are `is_extra`, to save time: other tests have the same kind of fault.
    """

    name: str
    oddity: str
    make: Maker
    expected: Outcome
    is_extra: bool = False


def refused(code: str = "not_a_video") -> Outcome:
    """The outcome of an upload that `complete` refuses."""
    return Outcome("refused", code)


def failed(code: str) -> Outcome:
    """The outcome of a video that the worker fails."""
    return Outcome("failed", code)


def completed(how: str = ENCODED, *warnings: str) -> Outcome:
    """The outcome of a video that is completed and can be played."""
    return Outcome("completed", how, warnings)


def beside(how: str, *warnings: str) -> Outcome:
    """The outcome of a video whose original is kept beside its rendition."""
    return Outcome("completed", how, warnings, keeps_original=True)


TRUNCATED = completed(ORIGINAL, "source_truncated")
DAMAGED = completed(ORIGINAL, "source_damaged")
UNPROVEN = completed(ORIGINAL, "compression_failed")
PARTLY_TRUNCATED = beside(ENCODED, "source_truncated")
PARTLY_DAMAGED = beside(ENCODED, "source_damaged")


def plain(film: Callable[..., object], *arguments: object, **options: object) -> Maker:
    """Adapt a function that needs no bait to a `Maker`."""
    return lambda target, _bait: film(target, *arguments, **options)


def bytes_of(content: bytes) -> Maker:
    """A maker of a file of exactly these bytes."""
    return written(lambda _target, _bait: content)
