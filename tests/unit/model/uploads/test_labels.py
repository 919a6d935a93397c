import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.uploads.labels import (
    MAX_EXTERNAL_ID_LENGTH,
    MAX_INTEGER,
    MAX_METADATA_BYTES,
    MAX_METADATA_DEPTH,
    MAX_TITLE_LENGTH,
    MIN_INTEGER,
    NO_LABELS,
    LabelChanges,
    Labels,
    accepted_labels,
)


def _nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def _filled(size_bytes: int) -> dict[str, Any]:
    """An object of this size as compact JSON; the letter needs two bytes in UTF-8."""
    text_bytes = size_bytes - len('{"k":""}')
    return {"k": "\u00e9" * (text_bytes // 2) + "x" * (text_bytes % 2)}


def _code(title: str | None = None, external_id: str | None = None, metadata: dict[str, Any] | None = None) -> str:
    with pytest.raises(Rejected) as refused:
        accepted_labels(title, external_id, metadata)
    return refused.value.code


@pytest.mark.parametrize("nothing", [None, "", " \u3000\t", "\ufeff", "\u200b\u200b", "\U000e0041"])
def test_an_empty_text_is_no_label(nothing: str | None) -> None:
    """So that a form may send the fields that were left empty."""
    assert accepted_labels(nothing, nothing, None) == NO_LABELS == Labels(None, None, {})


def test_white_space_at_the_ends_is_removed() -> None:
    """The rest stays as it is, also marks of direction."""
    found = accepted_labels(" A  day\u200f ", "\tx 1 ", {"a": " "})
    assert found == Labels("A  day\u200f", "x 1", {"a": " "})


def test_texts_have_a_maximum_length() -> None:
    """Counted in characters."""
    title, external_id = "\U0001f3ac" * MAX_TITLE_LENGTH, "x" * MAX_EXTERNAL_ID_LENGTH
    assert accepted_labels(title, external_id, None) == Labels(title, external_id)
    assert _code(title=title + "x") == "invalid_title"
    assert _code(external_id=external_id + "x") == "invalid_external_id"


@pytest.mark.parametrize(
    "character", ["\0", "\n", "\x7f", "\x85", "\u2028", "\u2029", "\ud800", "\u202e", "\u2066"], ids=ascii
)
def test_a_text_is_one_line_that_every_database_stores(character: str) -> None:
    """No control character, no line separator, no half of a surrogate pair."""
    assert _code(title=f"a{character}b") == "invalid_title"
    assert _code(external_id=f"a{character}b") == "invalid_external_id"


def test_metadata_has_a_maximum_size() -> None:
    """Of its compact JSON in UTF-8, exactly."""
    largest = _filled(MAX_METADATA_BYTES)
    assert len(json.dumps(largest, ensure_ascii=False, separators=(",", ":")).encode()) == MAX_METADATA_BYTES
    assert accepted_labels(None, None, largest).metadata == largest
    assert _code(metadata=_filled(MAX_METADATA_BYTES + 1)) == "invalid_metadata"


def test_metadata_has_a_maximum_depth() -> None:
    """Arrays and objects both count."""
    assert accepted_labels(None, None, _nested(MAX_METADATA_DEPTH)).metadata == _nested(MAX_METADATA_DEPTH)
    assert _code(metadata=_nested(MAX_METADATA_DEPTH + 1)) == "invalid_metadata"
    deep: list[Any] = []
    for _ in range(MAX_METADATA_DEPTH):
        deep = [deep]
    assert _code(metadata={"a": deep}) == "invalid_metadata"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), MAX_INTEGER + 1, MIN_INTEGER - 1, "\ud800", ["\udfff"]]
)
def test_metadata_that_libraries_read_differently_is_refused(value: object) -> None:
    """Numbers that are not finite or too long, and halves of surrogate pairs, in values and in keys."""
    assert _code(metadata={"a": [{"b": value}]}) == "invalid_metadata"


def test_keys_of_metadata_are_checked_too() -> None:
    """A key is a text like any other."""
    assert _code(metadata={"a": {"\ud800": 1}}) == "invalid_metadata"


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(MIN_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=30)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), _VALUES, max_size=3))
def test_any_other_metadata_is_kept_unchanged(metadata: dict[str, Any]) -> None:
    """Its types, too."""
    try:
        found = accepted_labels(None, None, metadata).metadata
    except Rejected:
        assert "\\ud" in json.dumps(metadata)  # A key deeper inside has half of a surrogate pair.
    else:
        assert json.dumps(found) == json.dumps(metadata)


def test_a_change_leaves_what_it_does_not_name() -> None:
    """Null removes a label, and metadata are replaced as a whole."""
    before = Labels("A day", "x1", {"a": 1})
    assert LabelChanges().applied_to(before) == before
    assert LabelChanges(title="Night").applied_to(before) == Labels("Night", "x1", {"a": 1})
    assert LabelChanges(title=None, external_id="").applied_to(before) == Labels(None, None, {"a": 1})
    assert LabelChanges(metadata={"b": 2}).applied_to(before) == Labels("A day", "x1", {"b": 2})
    assert LabelChanges(metadata=None).applied_to(before) == Labels("A day", "x1")
