"""Writers of caption files: WebVTT, SubRip and plain text."""

import html
from collections.abc import Sequence

from domain.model.transcripts.cues import Cue

_MS_PER_HOUR = 3_600_000


def to_vtt(cues: Sequence[Cue]) -> str:
    """WebVTT (W3C); `&`, `<` and `>` are escaped, so that no text is parsed as a tag or an arrow."""
    blocks = [
        f"{_timestamp(cue.start_s, '.')} --> {_timestamp(cue.end_s, '.')}\n"
        + "\n".join(html.escape(line, quote=False) for line in cue.lines)
        for cue in cues
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def to_srt(cues: Sequence[Cue]) -> str:
    """SubRip: numbered from 1, a comma before the milliseconds; it has no escapes, so `-->` in a text becomes `->`."""
    blocks = [
        f"{number}\n{_timestamp(cue.start_s, ',')} --> {_timestamp(cue.end_s, ',')}\n"
        + "\n".join(line.replace("-->", "->") for line in cue.lines)
        for number, cue in enumerate(cues, start=1)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def to_text(cues: Sequence[Cue]) -> str:
    """Plain text with one cue per line, without times."""
    return "".join(f"{cue.text}\n" for cue in cues)


def _timestamp(moment_s: float, separator: str) -> str:
    total_ms = round(moment_s * 1000)
    hours, rest_ms = divmod(total_ms, _MS_PER_HOUR)
    minutes, rest_ms = divmod(rest_ms, 60_000)
    seconds, milliseconds = divmod(rest_ms, 1000)
    return f"{hours:02}:{minutes:02}:{seconds:02}{separator}{milliseconds:03}"
