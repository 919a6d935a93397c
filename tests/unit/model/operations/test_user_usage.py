"""The cursor of the list of users."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.ids import UserId
from domain.model.operations.user_usage import UserCursor, UserUsage


@given(st.integers(0, 2**62), st.from_regex(r"[!-~]{1,128}", fullmatch=True))
def test_a_cursor_survives_its_text(stored_bytes: int, user: str) -> None:
    """For any number of bytes, and any user id."""
    cursor = UserCursor.after(UserUsage(UserId(user), 1, stored_bytes, 0))
    assert UserCursor.decoded(cursor.encoded()) == cursor


def encoded(plain: bytes) -> str:
    """A forged cursor."""
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é",
        "*" * 8,
        encoded(b"\xff"),
        encoded(b"[]"),
        encoded(b'[1,"a",2]'),
        encoded(b'["a",1]'),
        encoded(b'[1.5,"a"]'),
        encoded(b'[true,"a"]'),
        encoded(b'{"a":1}'),
        encoded(b"[1" + b"0" * 30 + b',"a"]'),
        encoded(b'[1,"\\u0000"]'),
        encoded(b"[" * 100_000),
    ],
)
def test_a_forged_cursor_is_refused(text: str) -> None:
    """Whatever it holds."""
    with pytest.raises(Rejected) as caught:
        UserCursor.decoded(text)
    assert caught.value.code == "invalid_cursor"
