"""What a program said, made fit to be shown: no path, no address, and nothing that steers a terminal."""

import re

MAX_LOGGED_BYTES = 2048

_ADDRESS = re.compile(r"\b(?!file:)[a-z][a-z0-9+.-]*://[^\s'\"]+", re.IGNORECASE)
_PATH = re.compile(r"(?:file:)?(?<![\w.])/[^\s:'\"]+")


def redacted(line: str) -> str:
    """One printable line."""
    told = _PATH.sub("the file", _ADDRESS.sub("an address", line.strip()))
    return "".join(character for character in told if character.isprintable())


def for_the_log(text: str) -> str:
    """The last lines, at most 2 KiB of them."""
    lines = [line for raw in text.splitlines() if (line := redacted(raw))]
    return "\n".join(lines).encode()[-MAX_LOGGED_BYTES:].decode(errors="ignore")
