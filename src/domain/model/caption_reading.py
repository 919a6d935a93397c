"""Reading captions that somebody wrote: WebVTT (W3C) and SubRip, as players take them."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from domain.model.caption_text import plain_lines
from domain.model.cues import Cue
from domain.model.errors import Rejected

MAX_CUES = 20_000
MAX_CUE_CHARACTERS = 2_000
MAX_HOURS = 100

_SIGNATURE = re.compile(r"WEBVTT(?![^ \t\n])")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")
_ARROW = "-->"
_MOMENT = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"[ \t]*{_MOMENT}[ \t]*{_ARROW}[ \t]*{_MOMENT}(?:[ \t].*)?")
_A_MINUTE = 60

_Line = tuple[int, str]
_Block = tuple[_Line, Sequence[_Line]]


def read_captions(content: bytes) -> tuple[Cue, ...]:
    """The cues with their times, texts and line breaks as they were written; those without text are left out.

    The text is UTF-8, or UTF-16 where it begins with a byte order mark, or else Windows-1252. Markup is taken out;
    so are positions, styles, comments and control characters. A comma of SubRip may be a point, its numbers may be
    wrong or missing, and a blank line within its text ends nothing.

    Raises:
        Rejected: `invalid_captions`; the detail names the line, and what is wrong with it.
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
        raise Rejected("There is no cue in these captions: WebVTT or SubRip is wanted.", code="invalid_captions")
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
    """Lines that end with a line feed, and no control character but tabs."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = {ord(character) for character in set(ended) if unicodedata.category(character) in {"Cc", "Cs"}}
    return ended.translate(dict.fromkeys(controls - {ord("\n"), ord("\t")}))


def _vtt_blocks(lines: Iterable[_Line]) -> Iterator[_Block]:
    """Each timing with its text, which a blank line ends; what else is between blank lines is not shown."""
    block: list[_Line] = []
    for line in [*lines, (0, "")]:
        if line[1]:
            block.append(line)
            continue
        if block and not _ASIDE.fullmatch(block[0][1]):
            yield from _timed(block, [place for place, (_, text) in enumerate(block) if _ARROW in text])
        block = []


def _srt_blocks(lines: Sequence[_Line]) -> Iterator[_Block]:
    """Each timing with its text, which the next cue's number ends; an arrow alone may be a part of the text."""
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
        raise _invalid(timing, "no times are to be read on both sides of the arrow")
    start_s, end_s = _moment_s(timing, match.groups()[:4]), _moment_s(timing, match.groups()[4:])
    if end_s < start_s:
        raise _invalid(timing, "the cue ends before it starts")
    text = " ".join(lines)
    if len(text) > MAX_CUE_CHARACTERS:
        raise _invalid(timing, f"the cue has more than {MAX_CUE_CHARACTERS:,} characters")
    ends = accumulate(len(line) + 1 for line in lines[:-1])
    return Cue(start_s, end_s, text, breaks=tuple(end - 1 for end in ends))


def _moment_s(timing: _Line, written: Sequence[str | None]) -> float:
    hours, minutes, seconds, milliseconds = (int(digits or 0) for digits in written)
    if minutes >= _A_MINUTE or seconds >= _A_MINUTE:
        raise _invalid(timing, "minutes and seconds end at 59")
    if hours > MAX_HOURS:
        raise _invalid(timing, f"the time is beyond {MAX_HOURS} hours")
    # The nearest float to the written time, so that it is written as it was read.
    return (((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds) / 1000


def _invalid(line: _Line, what: str) -> Rejected:
    return Rejected(f"Line {line[0]}: {what}.", code="invalid_captions")
