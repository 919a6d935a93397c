"""The header of a download: every filename survives it."""

from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.videos.content_disposition import attachment

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=255)


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("clip.mp4", "attachment; filename=\"clip.mp4\"; filename*=UTF-8''clip.mp4"),
        ("a b.mp4", "attachment; filename=\"a b.mp4\"; filename*=UTF-8''a%20b.mp4"),
        ("été.mov", "attachment; filename=\"_t_.mov\"; filename*=UTF-8''%C3%A9t%C3%A9.mov"),
        ('a";\\%.ts', "attachment; filename=\"a_;__.ts\"; filename*=UTF-8''a%22%3B%5C%25.ts"),
    ],
)
def test_a_name_is_written_in_both_forms(filename: str, header: str) -> None:
    """One for every client, one for those that know RFC 8187."""
    assert attachment(filename) == header


@given(NAMES)
def test_any_name_can_be_read_back(filename: str) -> None:
    """The header is one line of ASCII, with nothing that could begin another parameter."""
    header = attachment(filename)
    assert header.isascii()
    assert header.isprintable()
    assert unquote(header.partition("filename*=UTF-8''")[2]) == filename
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    plain = header.partition("; filename*=")[0].removeprefix('attachment; filename="').removesuffix('"')
    assert len(plain) == len(filename)
    assert not set('"\\%') & set(plain)
