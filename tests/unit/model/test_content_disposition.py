from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.content_disposition import attachment


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("a b.mp4", "attachment; filename=\"a b.mp4\"; filename*=UTF-8''a%20b.mp4"),
        ("ü.mp4", "attachment; filename=\"_.mp4\"; filename*=UTF-8''%C3%BC.mp4"),
        (
            '"; x="\r\ny\\.mp4',
            "attachment; filename=\"__ x____y_.mp4\"; filename*=UTF-8''%22%3B%20x%3D%22%0D%0Ay%5C.mp4",
        ),
    ],
)
def test_a_download_has_a_plain_name_and_an_exact_one(filename: str, header: str) -> None:
    """Old clients take the first, all others the second (RFC 6266, appendix D)."""
    assert attachment(filename) == header


@given(filename=st.text())
def test_any_name_gives_one_harmless_line(filename: str) -> None:
    """No name can end the quotes, the parameter or the line."""
    header = attachment(filename)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert header.count(";") == 2


@given(filename=st.text(st.characters(codec="utf-8")))
def test_any_name_can_be_read_back(filename: str) -> None:
    """The exact name loses nothing."""
    assert unquote(attachment(filename).partition("UTF-8''")[2]) == filename
