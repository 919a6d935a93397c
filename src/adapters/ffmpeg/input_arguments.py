"""Arguments of both ffmpeg and ffprobe: what an input may open."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from adapters.ffmpeg.allowed_formats import FORMATS
from domain.model.media.acceptance import MAX_FRAME_PIXELS

MAX_ALLOCATION_BYTES = 1024**3

_SCHEME = "file:"


def edit_lists(*, ignores_edits: bool) -> list[str]:
    """An option of the MP4 demuxer: without it, samples outside the edit lists are not read."""
    return ["-advanced_editlist", "0"] if ignores_edits else []


def opening(decoders: frozenset[str], max_streams: int) -> list[str]:
    """Limits on what may be opened; with the list of protocols alone, a playlist named .mp4 would be opened too."""
    return [
        *("-protocol_whitelist", "file,pipe"),
        *("-format_whitelist", ",".join(FORMATS)),
        *("-codec_whitelist", ",".join(sorted(decoders))),
        *("-max_streams", str(max_streams), "-max_pixels", str(MAX_FRAME_PIXELS)),
        *("-max_alloc", str(MAX_ALLOCATION_BYTES), "-probesize", "20M", "-analyzeduration", "20M"),
    ]


def url(path: Path) -> str:
    """The path as a URL, so that no name is parsed as an option or as another protocol."""
    return f"{_SCHEME}{path.absolute()}"


def named_files(arguments: Sequence[str]) -> tuple[tuple[Path, ...], dict[Path, str]]:
    """The files that ffmpeg's arguments name: its inputs, which follow `-i`, and its outputs with their formats."""
    inputs: list[Path] = []
    outputs: dict[Path, str] = {}
    chosen = ""
    for option, word in pairwise(("", *arguments)):
        if option == "-f":
            chosen = word
        elif word.startswith(_SCHEME):
            path = Path(word.removeprefix(_SCHEME))
            if option == "-i":
                inputs.append(path)
            else:
                outputs[path] = chosen
    return tuple(inputs), outputs
