"""The text of scripts and stylesheets without comments and needless whitespace, as it is sent to browsers."""

import re

import rcssmin
import rjsmin

TOOLS = f"rjsmin {rjsmin.__version__}, rcssmin {rcssmin.__version__}"
"""What the served text depends on, next to the files."""

_LITERAL_OR_COMMENT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?P<template>(?:[^`\\]|\\.)*)`""", re.DOTALL
)


def stripped(extension: str, content: bytes) -> bytes:
    """The content to send for a file with this extension; files that cannot be stripped are sent as they are."""
    if extension == "css":
        return rcssmin.cssmin(content)
    if extension == "js" and not has_nested_template(content.decode()):
        return rjsmin.jsmin(content)
    return content


def has_nested_template(script: str) -> bool:
    """Whether a template literal contains another one, inside which rjsmin would remove spaces of the text."""
    templates = (found["template"] for found in _LITERAL_OR_COMMENT.finditer(script))
    return any("${" in text and "}" not in text.rpartition("${")[2] for text in templates if text)
