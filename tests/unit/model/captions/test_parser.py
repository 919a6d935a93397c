from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.captions.parser import MAX_CUE_CHARACTERS, MAX_CUES, read_captions
from domain.model.captions.writers import to_srt, to_vtt
from domain.model.errors import Rejected
from domain.model.transcripts.cues import Cue

LIMIT_S = (
    10.0  # A multiple of the time on a slow machine; a search that starts again at every character would take hours.
)

VTT = """WEBVTT - A title
Kind: captions

NOTE
00:00:09.000 is no time here

STYLE
::cue { color: red }

REGION
id:fred

1
00:01.000 --> 00:02.500 align:start position:10%
<v Bob>Hi &amp; <i>there</i>,
<c.yellow.bg_blue>second</c> <00:00:01.500>line

intro of Bob
100:00:03.000 --> 100:00:04.000
&lt;b&gt; a < b &nbsp;&#x41;&#66;&lrm;&Eacute;&unknown; &amp

This is no cue.
"""
VTT_CUES = (
    Cue(1.0, 2.5, "Hi & there, second line", breaks=(11,)),
    Cue(360_003.0, 360_004.0, "<b> a < b \u00a0AB\u200e\u00c9&unknown; &amp", breaks=()),
)
SRT = """1
00:00:01,000 --> 00:00:02,000
{\\an8}<font color="red">Hello</font> <B>you</B>, {i}Bob{/i}
a < b &amp; <3

after a blank line

7
0:0:3.5 --> 00:00:04,250  X1:10 X2:20
first --> second
1984
00:00:05,000-->00:00:05,000
6


00:01:00 --> 00:02:00
without number
"""
SRT_CUES = (
    Cue(1.0, 2.0, "Hello you, Bob a < b &amp; <3 after a blank line", breaks=(14, 29)),
    Cue(3.005, 4.25, "first --> second", breaks=()),
    Cue(5.0, 5.0, "6", breaks=()),
    Cue(60.0, 120.0, "without number", breaks=()),
)

lines = st.text(
    st.one_of(st.characters(exclude_categories=("Cc", "Cs")), st.sampled_from("ab1 <>&-;{}\\/\u00a0\u6620\u0301")),
    min_size=1,
    max_size=40,
).filter(lambda line: line == line.strip(" "))


def _cue(start_ms: int, length_ms: int, shown: list[str]) -> Cue:
    breaks = tuple(len(" ".join(shown[:number])) for number in range(1, len(shown)))
    return Cue(start_ms / 1000, (start_ms + length_ms) / 1000, " ".join(shown), breaks)


def cues_of(lines: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Cue, ...]]:
    """Cues that an author may write, in any order and overlapping."""
    cue = st.builds(_cue, st.integers(0, 359_000_000), st.integers(0, 900_000), st.lists(lines, min_size=1, max_size=3))
    return st.lists(cue, min_size=1, max_size=5).map(tuple)


@given(cues_of(lines))
def test_vtt_is_parsed_back_unchanged(cues: tuple[Cue, ...]) -> None:
    """The parser restores the times, the text and the line breaks of any text."""
    assert read_captions(to_vtt(cues).encode()) == cues


@given(cues_of(lines.filter(lambda line: not set(line) & set("<>{}"))))
def test_srt_is_parsed_back_unchanged(cues: tuple[Cue, ...]) -> None:
    """The same, except for text that looks like markup, because SubRip has no escapes."""
    assert read_captions(to_srt(cues).encode()) == cues


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=ascii)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("text", "cues"), [(VTT, VTT_CUES), (SRT, SRT_CUES)], ids=["WebVTT", "SubRip"])
def test_captions_are_read_as_players_do(text: str, cues: tuple[Cue, ...], encoding: str, line_end: str) -> None:
    """Any line end and any supported encoding is accepted."""
    assert read_captions(text.replace("\n", line_end).encode(encoding)) == cues


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"caf\xe9 \x85 \x80", "caf\u00e9 \u2026 \u20ac"),
        (b"a\x81b", "a\ufffdb"),
        (b"a\x00b\x07c\x1bd\te", "abcd\te"),
        ("NEL \u0085 and \u2028".encode(), "NEL  and \u2028"),
    ],
    ids=["Windows-1252", "no character of it", "control characters", "line ends of Unicode"],
)
def test_text_that_is_not_utf_8_is_read_too(content: bytes, text: str) -> None:
    """Old subtitles are Windows-1252; invisible characters are dropped."""
    (cue,) = read_captions(b"1\n00:00:01,000 --> 00:00:02,000\n" + content)
    assert cue.text == text


def test_a_cut_utf_16_text_is_read_to_its_end() -> None:
    """Half a character is replaced."""
    (cue,) = read_captions("\ufeff00:00:01,000 --> 00:00:02,000\nHi\ud83d".encode("utf-16-le", "surrogatepass")[:-1])
    assert cue.text == "Hi\ufffd"


def test_references_to_control_characters_are_dropped() -> None:
    """They can't break a line."""
    (cue,) = read_captions(b"WEBVTT\n\n00:01.000 --> 00:02.000\na&#10;&#13;b &#xD800;&#0;")
    assert cue.lines == ["ab \ufffd\ufffd"]


def test_cues_without_text_are_left_out() -> None:
    """A cue with tags only shows nothing."""
    content = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n \t\n00:03.000 --> 00:04.000\nHi"
    assert read_captions(content) == (Cue(3.0, 4.0, "Hi", breaks=()),)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", "These captions have no cue; send WebVTT or SubRip."),
        ("WEBVTT\n\nHello.\n", "These captions have no cue; send WebVTT or SubRip."),
        ("WEBVTTs\n\nHello.\n", "These captions have no cue; send WebVTT or SubRip."),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nHi", "Line 3: the cue ends before it starts."),
        ("WEBVTT\n\n1\n00:02.000 --> soon\nHi", "Line 4: there are no valid times on both sides of the arrow."),
        ("WEBVTT\n\nHi --> there", "Line 3: there are no valid times on both sides of the arrow."),
        ("1\n00:00:02,000 --> 3\nHi", "Line 2: there are no valid times on both sides of the arrow."),
        ("1\n00:60:02,000 --> 01:00:03,000\nHi", "Line 2: minutes and seconds must be at most 59."),
        ("1\n00:00:02,000 --> 00:00:60,000\nHi", "Line 2: minutes and seconds must be at most 59."),
        ("1\n101:00:02,000 --> 102:00:60,000\nHi", "Line 2: the time is more than 100 hours."),
        (
            f"1\n00:00:02,000 --> 00:00:03,000\n{'x' * (MAX_CUE_CHARACTERS + 1)}",
            "Line 2: the cue has more than 2,000 characters.",
        ),
        ("00:00:02,000 --> 00:00:03,000\nHi\n\n" * (MAX_CUES + 1), "Line 60001: there are more than 20,000 cues."),
    ],
    ids=lambda value: value[:40].encode("unicode_escape").decode(),
)
def test_invalid_captions_are_refused(text: str, detail: str) -> None:
    """The detail names the line and the error."""
    with pytest.raises(Rejected) as caught:
        read_captions(text.encode())
    assert (caught.value.code, caught.value.detail) == ("invalid_captions", detail)


def test_captions_at_the_limits_are_read() -> None:
    """The last cue and the last character within the limits are kept."""
    cue = f"00:00:02,000 --> 00:00:03,000\n{'x' * MAX_CUE_CHARACTERS}\n"
    assert read_captions(cue.encode())[0].text == "x" * MAX_CUE_CHARACTERS
    assert len(read_captions(b"00:00:02,000 --> 00:00:03,000\nHi\n\n" * MAX_CUES)) == MAX_CUES


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"<a"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n", b"&#1"),
        (b"WEBVTT\n\n", b"-->"),
        (b"00:00:01,000 --> 00:00:02,000\n", b"{\\"),
        (b"00:00:01,000 --> 00:00:02,000\n", b"<i "),
        (b"1", b" "),
        (b"", b"00:00:01,000 --> 00:00:02,000\n"),
        (b"", b"1-->\n"),
        (b"", b"\r"),
    ],
    ids=ascii,
)
def test_five_megabytes_are_parsed_in_seconds(before: bytes, again: bytes) -> None:
    """The time is proportional to the size, because no search restarts at every character."""
    started_s = process_time()
    with pytest.raises(Rejected, match=r"captions|characters|times|cues"):
        read_captions(before + again * (5_000_000 // len(again)))
    assert process_time() - started_s < LIMIT_S
