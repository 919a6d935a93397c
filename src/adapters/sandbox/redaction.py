"""Redacts a program's output: no paths, no URLs, and no terminal control characters."""

import re

MAX_LOGGED_BYTES = 2048

_ADDRESS = re.compile(r"\b(?!file:)[a-z][a-z0-9+.-]*://[^\s'\"]+", re.IGNORECASE)
_PATH = re.compile(r"(?:file:)?(?<![\w.])/[^\s:'\"]+")


def redacted(line: str) -> str:
    """The line with paths and URLs replaced, and without unprintable characters."""
    replaced = _PATH.sub("the file", _ADDRESS.sub("an address", line.strip()))
    return "".join(character for character in replaced if character.isprintable())


def redact_for_log(text: str) -> str:
    """The last lines, redacted, at most 2 KiB."""
    lines = [line for raw in text.splitlines() if (line := redacted(raw))]
    return "\n".join(lines).encode()[-MAX_LOGGED_BYTES:].decode(errors="ignore")
