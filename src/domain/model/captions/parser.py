"""Parser of uploaded captions: WebVTT (W3C) and SubRip, as leniently as players parse them."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from domain.model.captions.markup import plain_lines
from domain.model.errors import Rejected
from domain.model.transcripts.cues import Cue

MAX_CUES = 20_000
MAX_CUE_CHARACTERS = 2_000
MAX_HOURS = 100

_SIGNATURE = re.compile(r"WEBVTT(?![^ \t\n])")
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_ARROW = "-->"
_TIMESTAMP = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"[ \t]*{_TIMESTAMP}[ \t]*{_ARROW}[ \t]*{_TIMESTAMP}(?:[ \t].*)?")
_A_MINUTE = 60

_Line = tuple[int, str]
_Block = tuple[_Line, Sequence[_Line]]


def read_captions(content: bytes) -> tuple[Cue, ...]:
    """Parse captions: the cues keep their times, texts and line breaks; cues without text are dropped.

    The text is decoded as UTF-8, as UTF-16 if it begins with a UTF-16 byte order mark, otherwise as Windows-1252.
    Markup, positions, styles, comments and control characters are removed. In SubRip, a point may stand for the decimal
    comma, cue numbers may be wrong or missing, and a blank line within a cue's text does not end the cue.

    Raises:
        Rejected: `invalid_captions`; the detail names the line and the error.
    """
    text = _without_controls(_decoded(content))
    lines = list(enumerate(text.split("\n"), start=1))
    is_vtt = _SIGNATURE.match(text) is not None
    cues: list[Cue] = []
    for timing, payload in _vtt_blocks(lines[1:]) if is_vtt else _srt_blocks(lines):
        cue = _cue(timing, plain_lines([line for _, line in payload], is_vtt=is_vtt))
        if cue.text:
            cues.append(cue)
        if len(cues) > MAX_CUES:
            raise _invalid(timing, f"there are more than {MAX_CUES:,} cues")
    if not cues:
        raise Rejected("These captions have no cue; send WebVTT or SubRip.", code="invalid_captions")
    return tuple(cues)


def _decoded(content: bytes) -> str:
    if content.startswith(BOM_UTF8):
        return content[len(BOM_UTF8) :].decode(errors="replace")
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _without_controls(text: str) -> str:
    """The text with line feeds as line ends, and without other control characters except tabs."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = {ord(character) for character in set(ended) if unicodedata.category(character) in {"Cc", "Cs"}}
    return ended.translate(dict.fromkeys(controls - {ord("\n"), ord("\t")}))


def _vtt_blocks(lines: Iterable[_Line]) -> Iterator[_Block]:
    """Each timing line with its text, which ends at a blank line; other blocks are ignored."""
    block: list[_Line] = []
    for line in [*lines, (0, "")]:
        if line[1]:
            block.append(line)
            continue
        if block and not _NO_CUE.fullmatch(block[0][1]):
            yield from _timed(block, [place for place, (_, text) in enumerate(block) if _ARROW in text])
        block = []


def _srt_blocks(lines: Sequence[_Line]) -> Iterator[_Block]:
    """Each timing line with its text, which ends at the next cue's number.

    Only a line that begins with a digit is a timing line: text may contain an arrow too.
    """
    return _timed(
        lines, [place for place, (_, text) in enumerate(lines) if _ARROW in text and text.lstrip(" \t")[0].isdecimal()]
    )


def _timed(lines: Sequence[_Line], places: Sequence[int]) -> Iterator[_Block]:
    for place, following in zip(places, [*places[1:], len(lines)], strict=False):
        ends_with_number = following < len(lines) and lines[following - 1][1].strip(" \t").isdecimal()
        yield lines[place], lines[place + 1 : following - ends_with_number]


def _cue(timing: _Line, lines: Sequence[str]) -> Cue:
    match = _TIMING.fullmatch(timing[1])
    if match is None:
        raise _invalid(timing, "there are no valid times on both sides of the arrow")
    start_s, end_s = _timestamp_s(timing, match.groups()[:4]), _timestamp_s(timing, match.groups()[4:])
    if end_s < start_s:
        raise _invalid(timing, "the cue ends before it starts")
    text = " ".join(lines)
    if len(text) > MAX_CUE_CHARACTERS:
        raise _invalid(timing, f"the cue has more than {MAX_CUE_CHARACTERS:,} characters")
    ends = accumulate(len(line) + 1 for line in lines[:-1])
    return Cue(start_s, end_s, text, breaks=tuple(end - 1 for end in ends))


def _timestamp_s(timing: _Line, written: Sequence[str | None]) -> float:
    hours, minutes, seconds, milliseconds = (int(digits or 0) for digits in written)
    if minutes >= _A_MINUTE or seconds >= _A_MINUTE:
        raise _invalid(timing, "minutes and seconds must be at most 59")
    if hours > MAX_HOURS:
        raise _invalid(timing, f"the time is more than {MAX_HOURS} hours")
    # A single division gives the float nearest to the written time, which is then printed as it was read.
    return (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds) / 1000


def _invalid(line: _Line, problem: str) -> Rejected:
    return Rejected(f"Line {line[0]}: {problem}.", code="invalid_captions")
