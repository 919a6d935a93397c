"""What a client writes on its own video: a title, the id that it has in another system, and metadata."""

import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias, cast

from domain.model.errors import Rejected

MAX_TITLE_LENGTH = 300
MAX_EXTERNAL_ID_LENGTH = 255
MAX_METADATA_BYTES = 16 * 1024
MAX_METADATA_DEPTH = 32
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1
"""Other integers are rejected, because JSON libraries round them or fail."""

_CONTROL_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They would show a text in another order than it has; the marks of a direction, which languages need, would not.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Zs"})

Metadata: TypeAlias = Mapping[str, object]


class Unchanged(Enum):
    """Stands for a value that a change leaves as it is, since null has a meaning of its own."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True, slots=True)
class Labels:
    """Accepted labels. Without a title of its own, a video has the name of its file as title."""

    title: str | None = None
    external_id: str | None = None
    metadata: Metadata = field(default_factory=dict[str, object], hash=False)


NO_LABELS = Labels()


@dataclass(frozen=True, slots=True)
class LabelChanges:
    """What a client changes; null removes a label."""

    title: str | Unchanged | None = UNCHANGED
    external_id: str | Unchanged | None = UNCHANGED
    metadata: Metadata | Unchanged | None = UNCHANGED

    def applied_to(self, current: Labels) -> Labels:
        """The labels after the change.

        Raises:
            Rejected: `invalid_title`, `invalid_external_id` or `invalid_metadata`.
        """
        return accepted_labels(
            current.title if self.title is UNCHANGED else self.title,
            current.external_id if self.external_id is UNCHANGED else self.external_id,
            current.metadata if self.metadata is UNCHANGED else self.metadata,
        )


def accepted_labels(title: str | None, external_id: str | None, metadata: Metadata | None) -> Labels:
    """The labels that a client declares, after validation; an empty title or id is none.

    Raises:
        Rejected: `invalid_title`: it has more than 300 characters, or a control character, a line separator or half a
            surrogate pair; `invalid_external_id`: the same, with 255 characters; `invalid_metadata`: see
            `check_metadata`.
    """
    if metadata is not None:
        check_metadata(metadata)
    return Labels(
        _text(title, "title", MAX_TITLE_LENGTH),
        _text(external_id, "external_id", MAX_EXTERNAL_ID_LENGTH),
        dict(metadata or {}),
    )


def check_metadata(metadata: Metadata) -> None:
    """Check that any JSON library reads and writes the metadata unchanged.

    Raises:
        Rejected: `invalid_metadata`: it has more than 16 KiB as compact JSON in UTF-8, more than 32 levels, an integer
            of more than 64 bits, a number that is not finite, or half a surrogate pair.
    """
    _check_value(metadata, MAX_METADATA_DEPTH)
    size_bytes = len(json.dumps(metadata, ensure_ascii=False, separators=(",", ":")).encode())
    if size_bytes > MAX_METADATA_BYTES:
        raise _invalid(f"The metadata has {size_bytes} bytes as JSON; at most {MAX_METADATA_BYTES} are allowed.")


def _text(value: str | None, name: str, max_length: int) -> str | None:
    """The text without white space at its ends; None if nothing visible is left."""
    text = (value or "").strip()
    if len(text) > max_length or any(map(_is_control, text)):
        raise Rejected(
            f"`{name}` must have at most {max_length} characters, without control characters and line separators.",
            code=f"invalid_{name}",
        )
    is_visible = any(unicodedata.category(character) not in _INVISIBLE_CATEGORIES for character in text)
    return text if is_visible else None


def _is_control(character: str) -> bool:
    return character in _REORDERING or unicodedata.category(character) in _CONTROL_CATEGORIES


def _check_value(value: object, levels_left: int) -> None:
    match value:
        case str():
            _check_text(value)
        case float() if not math.isfinite(value):
            raise _invalid("The metadata contains a number that is not finite.")
        case int() if not MIN_INTEGER <= value <= MAX_INTEGER:
            raise _invalid("The metadata contains an integer of more than 64 bits; send it as a string.")
        case Mapping() | list() if not levels_left:
            raise _invalid(f"The metadata has more than {MAX_METADATA_DEPTH} levels.")
        case Mapping():
            for key, each in cast("Mapping[str, object]", value).items():
                _check_text(key)
                _check_value(each, levels_left - 1)
        case list():
            for each in cast("Sequence[object]", value):
                _check_value(each, levels_left - 1)
        case _:
            pass


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _invalid("The metadata contains half of a surrogate pair.") from None


def _invalid(reason: str) -> Rejected:
    return Rejected(reason, code="invalid_metadata")
