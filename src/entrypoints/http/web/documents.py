"""The document of each screen, which names all files of the screen, so that browsers request them at once."""

import re
from collections.abc import Mapping

from entrypoints.http.web.module_graph import modules_of

_INDEX = "index.html"
_APP = "app.js"
_END_OF_HEAD = b"</head>"
_SCREEN = re.compile(r"screens/([^/]+)/\1\.js")


def screen_names(contents: Mapping[str, bytes]) -> list[str]:
    """The screens: each is a module in a folder of its name."""
    return [found[1] for path in contents if (found := _SCREEN.fullmatch(path))]


def document(screen: str, contents: Mapping[str, bytes], version: str) -> bytes:
    """The index for a screen; links to files get the version, so that browsers may keep these files.

    - The head names the modules of the page and of the screen, and the stylesheet of the screen.
    - The files of each other screen are named in a template, which lib/screens.js puts into the head when that screen
      is opened: its modules, too, are requested at once, not one level of imports after the other.
    """
    shell = modules_of(_APP, contents)
    links = {name: _links(name, contents, shell) for name in screen_names(contents)}
    head = [*map(_module_link, shell[1:]), links.pop(screen, "")]
    templates = [f'<template data-screen="{name}">\n{text}\n</template>' for name, text in links.items()]
    added = "\n".join([*head, *templates, ""]).encode()
    page = contents[_INDEX].replace(_END_OF_HEAD, added + _END_OF_HEAD)
    return page.replace(b'"/static/', f'"/static/{version}/'.encode())


def _links(screen: str, contents: Mapping[str, bytes], shell: list[str]) -> str:
    style = f"screens/{screen}/{screen}.css"
    styles = [f'<link rel="stylesheet" href="/static/{style}">'] if style in contents else []
    return "\n".join([*styles, *map(_module_link, modules_of(f"screens/{screen}/{screen}.js", contents, shell))])


def _module_link(path: str) -> str:
    return f'<link rel="modulepreload" href="/static/{path}">'
