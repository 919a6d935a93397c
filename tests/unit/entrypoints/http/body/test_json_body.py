import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.exceptions import ClientException

from entrypoints.http.body.json_body import parse_json

NESTED_TOO_DEEPLY = b"[" * 60_000

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON_VALUES)
def test_a_value_is_read_as_another_parser_reads_it(value: object) -> None:
    """Escaped or not; msgspec is the other parser."""
    for is_escaped in (False, True):
        text = json.dumps(value, ensure_ascii=is_escaped).encode(errors="surrogatepass")
        assert parse_json(text) == msgspec.json.decode(text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": 1,}',
        b'{"a": 01}',
        b'{"a": 1} {}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": ' + b"1" * 5_000 + b"}",
        b'{"a": "\n"}',
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        rb'{"a": "\ud800"}',
        rb'{"a": [{"b": "\udfff"}]}',
        rb'{"\ud800": 1}',
        b'{"a": 1, "a": 1}',
        rb'{"a": 1, "\u0061": 2}',
        b'{"a": {"b": 1, "b": 2}}',
        NESTED_TOO_DEEPLY,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_json_that_parsers_read_differently_is_rejected(body: bytes) -> None:
    """A client learns of the mistake; no input is an error of the server."""
    with pytest.raises(ClientException):
        parse_json(body)


def test_a_pair_of_surrogates_is_one_character() -> None:
    """Clients that escape everything outside of ASCII send such pairs."""
    assert parse_json(rb'{"a": "\ud83d\ude00"}') == {"a": "\N{GRINNING FACE}"}
