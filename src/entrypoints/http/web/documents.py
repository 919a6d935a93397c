"""The document of each screen, and the scripts that it names."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from entrypoints.http.web.joining import joined
from entrypoints.http.web.module_graph import imports_later, in_order

_INDEX = "index.html"
_END_OF_HEAD = b"</head>"
_FIRST = re.compile(rb'<script type="module"[^>]* src="/static/([^"]+)"')
_SCREEN = re.compile(r"screens/([^/]+)/\1\.js")


def document(screen: str, contents: Mapping[str, bytes], version: str) -> bytes:
    """The index for a screen; links to files get the version, so that browsers may keep these files.

    - The head names the script and the stylesheet of the screen, so that they are requested at once.
    - The stylesheet of each other screen is named in a template, which lib/screens.js puts into the head when that
      screen is opened.
    """
    head = [_style_link(screen, contents), f'<link rel="modulepreload" href="/static/screens/{screen}/{screen}.js">']
    others = [found[1] for path in contents if (found := _SCREEN.fullmatch(path)) and found[1] != screen]
    links = {name: link for name in others if (link := _style_link(name, contents))}
    templates = [f'<template data-screen="{name}">{link}</template>' for name, link in links.items()]
    added = "".join(f"{line}\n" for line in [*head, *templates] if line).encode()
    page = contents[_INDEX].replace(_END_OF_HEAD, added + _END_OF_HEAD)
    return page.replace(b'"/static/', f'"/static/{version}/'.encode())


@dataclass(frozen=True, slots=True)
class Entries:
    """The modules that are served with what they import: those of the index in their order, and those loaded later."""

    first: Sequence[str]
    later: AbstractSet[str]


def entries_of(contents: Mapping[str, bytes]) -> Entries:
    """The entries of the page. The upload module is none, because other front ends use it, too."""
    first = [found.decode() for found in _FIRST.findall(contents.get(_INDEX, b""))]
    named = {module for path in contents if path.endswith(".js") for module in imports_later(path, contents)}
    screens = {path for path in contents if _SCREEN.fullmatch(path)}
    return Entries(first, screens | {path for path in named if len(in_order(path, contents)) > 1})


def script(path: str, contents: Mapping[str, bytes], entries: Entries) -> bytes:
    """The script to serve at a path: of an entry with its modules, of another module as it is."""
    first = entries.first
    if path not in first and path not in entries.later:
        return contents[path]
    before = first[: first.index(path)] if path in first else first
    known = [module for entry in before for module in in_order(entry, contents)]
    return joined(path, contents, first[0], known)


def _style_link(screen: str, contents: Mapping[str, bytes]) -> str:
    style = f"screens/{screen}/{screen}.css"
    return f'<link rel="stylesheet" href="/static/{style}">' if style in contents else ""
