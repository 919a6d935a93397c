from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.transcripts.repetition import collapse, is_loop, without_repetitions

LIMIT_S = 4.0  # A multiple of the time on a slow machine.


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("Thank you. " * 1000, True),
        ("la " * 40, True),
        ("la " * 20, False),
        ("No, no, no, no, no!", False),
        ("She sells sea shells by the sea shore, and the shells she sells are sea shells, I am sure. ", False),
        ("", False),
    ],
    ids=["a phrase", "a long refrain", "a short refrain", "a cry", "a rhyme", "nothing"],
)
def test_text_that_compresses_well_is_a_loop(text: str, loops: bool) -> None:  # noqa: FBT001 (expected)
    """The rule is Whisper's; what people repeat is shorter, or more varied."""
    assert is_loop(text) is loops


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("no no no", "no no no"),
        ("no no no no", "no"),
        ("No, no. NO! no no", "No,"),
        ("so a b a b a b a b a there", "so a b a there"),
        ("a b c " * 4 + "a b d", "a b c a b d"),
        ("\u672c\u3002" * 4, "\u672c\u3002"),
        ("one two three", "one two three"),
        ("", ""),
    ],
    ids=ascii,
)
def test_a_phrase_more_than_three_times_in_a_row_is_kept_once(text: str, once: str) -> None:
    """Case and punctuation do not matter; a partial repeat that follows is kept."""
    assert without_repetitions(text) == once


@given(st.lists(st.sampled_from("abc"), max_size=60), st.integers(4, 9), st.lists(st.sampled_from("xyz"), min_size=1))
def test_a_run_is_found_wherever_it_is(before: list[str], times: int, phrase: list[str]) -> None:
    """Repeating a phrase more than three times changes nothing."""
    often, once = [*before, *phrase * times], collapse([*before, *phrase * 4], str)
    assert collapse(often, str) == once
    assert collapse(once, str) == once or len(once) < len(before) + 4 * len(phrase)


def test_a_long_text_is_processed_quickly() -> None:
    """The time is proportional to the length."""
    started_s = process_time()
    assert without_repetitions("you and me " * 20_000) == "you and me"
    assert process_time() - started_s < LIMIT_S
