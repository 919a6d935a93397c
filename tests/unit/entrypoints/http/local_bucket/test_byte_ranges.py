import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from entrypoints.http.local_bucket.byte_ranges import ByteRange, is_cached, may_continue, parse_range

SIZES = st.integers(0, 2**40)
ETAG = '"a-1"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", ByteRange(0, 0)),
        ("bytes=2-4", ByteRange(2, 4)),
        ("bytes=7-", ByteRange(7, 9)),
        ("bytes=-3", ByteRange(7, 9)),
        ("bytes=-10", ByteRange(0, 9)),
        ("bytes=-11", ByteRange(0, 9)),
        ("bytes=9-9999999999", ByteRange(9, 9)),
        ("BYTES= 1-2 ", ByteRange(1, 2)),
        ("bytes=00001-2", ByteRange(1, 2)),
    ],
)
def test_a_single_range_is_cut_to_the_object(header: str, expected: ByteRange) -> None:
    """The three forms of RFC 9110, section 14.1.2, over ten bytes."""
    assert parse_range(header, 10) == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=4-2",
        "bytes=1-2,5-6",
        "items=0-1",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes=٣-٤",
        f"bytes={'9' * 5000}-",
    ],
)
def test_any_other_range_header_means_the_whole(header: str | None) -> None:
    """A server may ignore the header, and must if it is malformed (section 14.2)."""
    assert parse_range(header, 10) is None


@pytest.mark.parametrize(("header", "size_bytes"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10)])
def test_a_range_outside_the_object_is_refused(header: str, size_bytes: int) -> None:
    """It requests bytes that do not exist."""
    with pytest.raises(Rejected) as refusal:
        parse_range(header, size_bytes)
    assert refusal.value.code == "range_not_satisfiable"


def test_the_end_of_an_empty_object_is_its_whole() -> None:
    """No `Content-Range` can describe it."""
    assert parse_range("bytes=-5", 0) is None
    with pytest.raises(Rejected):
        parse_range("bytes=0-", 0)


@given(first=SIZES, length=st.integers(1, 2**40), size_bytes=SIZES)
def test_any_range_of_two_ends_is_its_overlap_with_the_object(first: int, length: int, size_bytes: int) -> None:
    """The response starts at the first byte, and ends at the last one or at the object's end."""
    last = first + length - 1
    header = f"bytes={first}-{last}"
    if first >= size_bytes:
        with pytest.raises(Rejected):
            parse_range(header, size_bytes)
    else:
        assert parse_range(header, size_bytes) == ByteRange(first, min(last, size_bytes - 1))


@given(length=st.integers(1, 2**40), size_bytes=st.integers(1, 2**40))
def test_any_suffix_ends_where_the_object_ends(length: int, size_bytes: int) -> None:
    """It has the requested number of bytes, or the whole object."""
    part = parse_range(f"bytes=-{length}", size_bytes)
    assert part is not None
    assert part.last == size_bytes - 1
    assert part.size_bytes == min(length, size_bytes)


@given(header=st.text() | st.from_regex(r"bytes=[0-9,\- ]*", fullmatch=True), size_bytes=SIZES)
def test_any_text_is_a_part_of_the_object_or_refused(header: str, size_bytes: int) -> None:
    """No header can select bytes outside the object, or crash the parser."""
    try:
        part = parse_range(header, size_bytes)
    except Rejected:
        return
    assert part is None or 0 <= part.first <= part.last < size_bytes


@pytest.mark.parametrize("header", ["*", ETAG, f"W/{ETAG}", f'"b", {ETAG}', f' {ETAG} , "c,d"'])
def test_a_named_etag_is_cached(header: str) -> None:
    """`If-None-Match` uses weak comparison."""
    assert is_cached(header, ETAG)


@pytest.mark.parametrize("header", [None, "", '"b"', "a-1", '"x"a-1"'])
def test_another_etag_is_not_cached(header: str | None) -> None:
    """The object is served."""
    assert not is_cached(header, ETAG)


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, True), (ETAG, True), (f"W/{ETAG}", False), ('"b"', False), ("Sat, 29 Oct 1994 19:43:31 GMT", False)],
)
def test_a_range_continues_only_the_same_object(header: str | None, *, expected: bool) -> None:
    """`If-Range` uses strong comparison, and dates never match."""
    assert may_continue(header, ETAG) is expected
