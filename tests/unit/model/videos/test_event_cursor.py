import pytest

from domain.model.videos.event_cursor import event_cursor


@pytest.mark.parametrize(("text", "cursor"), [("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_number_is_a_cursor(text: str, cursor: int) -> None:
    """Any that a 64-bit column can hold."""
    assert event_cursor(text) == cursor


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", "1e3", " 1", "1\n", "0x1", "\u0661", "²", "9" * 19, "one", "\x00"]
)
def test_any_other_text_is_none(text: str) -> None:
    """The stream begins with a reset then."""
    assert event_cursor(text) is None
