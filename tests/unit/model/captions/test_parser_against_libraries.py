"""Our caption parser compared with two libraries: webvtt-py for WebVTT, pysubs2 for SubRip.

Intended differences:

- webvtt-py keeps character references; a player shows the characters.
- Both keep cues and lines without text; we leave them out.
- pysubs2 keeps a blank line within a text; we leave it out.
- pysubs2 treats every "<" as the beginning of a tag; we keep it unless a SubRip tag follows.
- pysubs2 drops a number at the end of the file; we drop a number only if a cue follows.
- Neither library rejects invalid input or has limits; `test_parser.py` tests what we reject.
- The files here have two digits for hours and three for milliseconds; each library treats other numbers its own way.
"""

import html
from collections.abc import Sequence

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from pysubs2 import SSAFile

from domain.model.captions.parser import read_captions
from domain.model.captions.writers import to_srt, to_vtt
from domain.model.transcripts.cues import Cue

Shown = list[tuple[int, int, list[str]]]

VTT_FILES = {
    "players' example": (
        "WEBVTT\n\n00:11.000 --> 00:13.000\n<v Roger Bingham>We are in New York City\n\n"
        "00:13.000 --> 00:16.000\n<v Roger Bingham>We're actually at the Lucern Hotel, just down the street\n\n"
        "00:16.000 --> 00:18.000\n<v Roger Bingham>from the American Museum of Natural History\n"
    ),
    "YouTube's own": (
        "WEBVTT\nKind: captions\nLanguage: en\n\n"
        "00:00:00.160 --> 00:00:02.389 align:start position:0%\n \nso<00:00:00.399><c> today</c>\n\n"
        "00:00:02.389 --> 00:00:02.399 align:start position:0%\nso today\n \n"
    ),
    "ffmpeg's": "WEBVTT\n\n00:01.000 --> 00:02.500\nOne\nTwo\n\n01:00:03.000 --> 01:00:04.000\nThree &amp; four\n",
    "with everything": (
        "WEBVTT - A title\n\nNOTE\nOf two\nlines\n\nSTYLE\n::cue(b) { color: red }\n\nREGION\nid:fred\n\n"
        "intro\n00:00:01.000 --> 00:00:02.000 line:0\n<c.loud>Hi</c> &lt;Bob&gt;, <i>how</i> are <b>you</b>\n\n"
        "NOTE between\n\n2\n00:00:03.000 --> 00:00:04.000\n<ruby>kan<rt>ji</rt></ruby>\n- <lang en>No.</lang>\n"
    ),
    "cues over each other, and one that is empty": (
        "WEBVTT\n\n00:05.000 --> 00:09.000\nlate\n\n00:01.000 --> 00:08.000\nearly\n\n00:02.000 --> 00:03.000\n\n"
        "00:03.000 --> 00:03.000\nno time\n"
    ),
}
SRT_FILES = {
    "plain": "1\n00:00:01,000 --> 00:00:02,500\nHello,\nyou.\n\n2\n00:00:03,000 --> 00:00:04,000\n- Yes?\n- No!\n",
    "Aegisub's": (
        '1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color="#ff0000">Up</font> and <i>down</i>\n\n'
        "2\n00:00:02,000 --> 00:00:03,000\n{\\i1}Sung{\\i0}\n"
    ),
    "with points, positions and many blank lines": (
        "1\n00:00:01.000 --> 00:00:02.000  X1:10 X2:20 Y1:5 Y2:9\nOne\n\n\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n\n"
    ),
    "with wrong numbers": (
        "7\n00:00:01,000 --> 00:00:02,000\nOne\n\n7\n00:00:03,000 --> 00:00:04,000\nTwo: one --> two\n1984\nThree\n"
    ),
    "with a blank line in a text": (
        "1\n00:00:01,000 --> 00:00:02,000\nOne\n\nstill one\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\n"
    ),
}


def ours(text: str) -> Shown:
    """The cues that our parser returns."""
    return [
        (round(1000 * cue.start_s), round(1000 * cue.end_s), list(cue.lines)) for cue in read_captions(text.encode())
    ]


def of_webvtt(text: str) -> Shown:
    """The cues that webvtt-py returns, without the intended differences."""
    captions = webvtt.from_string(text).captions
    cues = [(_ms(each.start), _ms(each.end), _shown(html.unescape(each.text))) for each in captions]
    return [cue for cue in cues if cue[2]]


def of_pysubs2(text: str) -> Shown:
    """The cues that pysubs2 returns, without the intended differences."""
    cues = [(each.start, each.end, _shown(each.plaintext)) for each in SSAFile.from_string(text, format_="srt")]
    return [cue for cue in cues if cue[2]]


def _in_ms(cues: Sequence[Cue]) -> Shown:
    return [(round(1000 * cue.start_s), round(1000 * cue.end_s), list(cue.lines)) for cue in cues]


def _shown(text: str) -> list[str]:
    return [line for each in text.split("\n") if (line := each.strip(" \t"))]


def _ms(timestamp: str) -> int:
    hours, minutes, seconds = timestamp.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(1000 * float(seconds))


@pytest.mark.parametrize("name", VTT_FILES)
def test_webvtt_files_are_read_as_webvtt_py_reads_them(name: str) -> None:
    """Times and lines of every cue."""
    assert ours(VTT_FILES[name]) == of_webvtt(VTT_FILES[name])


@pytest.mark.parametrize("name", SRT_FILES)
def test_subrip_files_are_read_as_pysubs2_reads_them(name: str) -> None:
    """Times and lines of every cue."""
    assert ours(SRT_FILES[name]) == of_pysubs2(SRT_FILES[name])


_words = st.text(st.sampled_from("abcXYZ .,!?'\u00e9\u6620\u0301\u0639\U0001f3ac"), min_size=1, max_size=20)
_plain = _words.map(lambda text: f"w{text}w")  # No line is blank, or a number.
_vtt_line = st.one_of(
    _plain,
    st.builds("{}<i>{}</i>{}".format, _plain, _plain, _plain),
    st.builds("<v Bob>{}".format, _plain),
    st.builds("<c.red.bg_blue>{}</c> &amp; {}".format, _plain, _plain),
    st.builds("{} &lt;{}&gt; <00:00:01.500>{}".format, _plain, _plain, _plain),
)
_srt_line = st.one_of(
    _plain,
    st.builds("{}<i>{}</i>{}".format, _plain, _plain, _plain),
    st.builds("{{\\an8}}{} & {}".format, _plain, _plain),
    st.builds('<font color="red">{}</font>'.format, _plain),
)
_moments = st.integers(0, 359_999_999)


def _stamp(ms: int, separator: str) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{separator}{ms % 1000:03}"


@st.composite
def vtt_files(draw: st.DrawFn) -> str:
    """WebVTT of every kind of block, with and without hours, identifiers and settings."""
    blocks = [draw(st.sampled_from(["WEBVTT", "WEBVTT - of a test", "WEBVTT\nKind: captions"]))]
    for _ in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            blocks.append(draw(st.sampled_from(["NOTE", "STYLE\n::cue"])) + f"\n{draw(_plain)}")
        start, end = sorted((draw(_moments), draw(_moments)))
        from_, to = (_stamp(ms, ".").removeprefix("00:") for ms in (start, end))
        name = draw(st.sampled_from(["", "7\n", "intro of Bob\n"]))
        settings = draw(st.sampled_from(["", " align:start position:10%", " line:0"]))
        text = "\n".join(draw(st.lists(_vtt_line, min_size=1, max_size=3)))
        blocks.append(f"{name}{from_} --> {to}{settings}\n{text}")
    return "\n\n".join(blocks) + "\n"


@st.composite
def srt_files(draw: st.DrawFn) -> str:
    """SubRip with a comma or a point, and with numbers of any order."""
    blocks: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        start, end = sorted((draw(_moments), draw(_moments)))
        separator = draw(st.sampled_from(",."))
        text = "\n".join(draw(st.lists(_srt_line, min_size=1, max_size=3)))
        times = f"{_stamp(start, separator)} --> {_stamp(end, separator)}"
        blocks.append(f"{draw(st.integers(0, 99))}\n{times}\n{text}")
    return "\n\n".join(blocks) + draw(st.sampled_from(["", "\n", "\n\n"]))


@given(vtt_files())
def test_any_webvtt_is_read_as_webvtt_py_reads_it(text: str) -> None:
    """The files have tags, references, comments, styles, identifiers and settings."""
    assert ours(text) == of_webvtt(text)


@given(srt_files())
def test_any_subrip_is_read_as_pysubs2_reads_it(text: str) -> None:
    """The files have tags and positions."""
    assert ours(text) == of_pysubs2(text)


@given(st.lists(st.tuples(_moments, _moments, st.lists(_plain, min_size=1, max_size=2)), min_size=1, max_size=5))
def test_libraries_read_our_files_as_we_do(written: list[tuple[int, int, list[str]]]) -> None:
    """In both formats."""
    cues = [_cue(min(one, other), max(one, other), lines) for one, other, lines in written]
    assert of_webvtt(to_vtt(cues)) == _in_ms(cues)
    assert of_pysubs2(to_srt(cues)) == _in_ms(cues)


def _cue(start_ms: int, end_ms: int, lines: list[str]) -> Cue:
    breaks = tuple(len(" ".join(lines[:number])) for number in range(1, len(lines)))
    return Cue(start_ms / 1000, end_ms / 1000, " ".join(lines), breaks)
