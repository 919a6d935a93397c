"""The text of scripts and stylesheets without comments and needless whitespace, as it is sent to browsers."""

import re
from collections.abc import Callable
from typing import cast

import rcssmin
import rjsmin

TOOLS = f"rjsmin {rjsmin.__version__}, rcssmin {rcssmin.__version__}"
"""What the served text depends on, next to the files."""

# Neither tool has types.
_strip_style = cast("Callable[[str], str]", vars(rcssmin)["cssmin"])
_strip_script = cast("Callable[[str], str]", vars(rjsmin)["jsmin"])

_STRING = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_TOKEN = re.compile(rf"//[^\n]*|/\*.*?\*/|{_STRING}|(?P<template>`)", re.DOTALL)
_IN_TEMPLATE = re.compile(r"\\.|`|\$\{", re.DOTALL)
_IN_EXPRESSION = re.compile(rf"{_STRING}|[`{{}}]", re.DOTALL)
_PLACE = re.compile('"\0([0-9]+)"')


def stripped(extension: str, content: bytes) -> bytes:
    """The content to send for a file with this extension; files that cannot be stripped are sent as they are."""
    if extension == "css":
        return _strip_style(content.decode()).encode()
    if extension == "js":
        try:
            return _with_templates_kept(content.decode()).encode()
        except ValueError:
            return content
    return content


def _with_templates_kept(script: str) -> str:
    """Strip all but the template literals: rjsmin would remove spaces from a template inside of another one."""
    parts, templates, at = list[str](), list[str](), 0
    while found := _next_template(script, at):
        end = _end_of_template(script, found)
        parts += [script[at : found - 1], f'"\0{len(templates)}"']
        templates.append(script[found - 1 : end])
        at = end
    parts.append(script[at:])
    return _PLACE.sub(lambda place: templates[int(place[1])], _strip_script("".join(parts)))


def _next_template(script: str, at: int) -> int:
    """Where the text of the next template begins; 0 if there is no other one."""
    return next((token.end() for token in _TOKEN.finditer(script, at) if token["template"]), 0)


def _end_of_template(script: str, at: int) -> int:
    while token := _IN_TEMPLATE.search(script, at):
        if token[0] == "`":
            return token.end()
        at = _end_of_expression(script, token.end()) if token[0] == "${" else token.end()
    raise ValueError("A template literal has no end.")


def _end_of_expression(script: str, at: int) -> int:
    depth = 1
    while token := _IN_EXPRESSION.search(script, at):
        at = _end_of_template(script, token.end()) if token[0] == "`" else token.end()
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return at
    raise ValueError("An expression in a template literal has no end.")
