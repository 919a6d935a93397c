"""Removes the markup of uploaded captions."""

import html
import re
import unicodedata
from collections.abc import Sequence

# No pattern matches past the next opening bracket, so an unclosed one does not cause a search to the end of the text.
_VTT_TAG = re.compile(r"<(?=[A-Za-z/.\d])[^<>]*>")
_SRT_TAG = re.compile(r"</?(?:b|i|u|s|font)(?:[ \t\n][^<>]*)?>|\{\\[^{}]*\}|\{/?[bius]\}", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain_lines(lines: Sequence[str], *, is_vtt: bool) -> list[str]:
    """The non-empty lines without markup: all tags and character references of WebVTT, the few tags of SubRip."""
    text = "\n".join(lines)
    plain = _REFERENCE.sub(_character, _VTT_TAG.sub("", text)) if is_vtt else _SRT_TAG.sub("", text)
    return [shown for line in plain.split("\n") if (shown := line.strip(" \t"))]


def _character(reference: re.Match[str]) -> str:
    named = html.unescape(reference[0])
    return "".join(character for character in named if unicodedata.category(character) not in {"Cc", "Cs"})
