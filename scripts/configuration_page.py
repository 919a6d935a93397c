"""Generates the page that documents every setting from the settings themselves."""

import types
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Meta

from entrypoints.config.settings import Setting, Settings, every_setting
from entrypoints.config.values import Secret

_TYPE_NAMES = {
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    str: "text",
    date: "date (YYYY-MM-DD)",
    Path: "path",
    Secret: "secret",
}

_INTRODUCTION = """\
# Configuration

Telecine reads its settings from environment variables and from a file `.env` in the working directory. A flag of the
command takes precedence over the environment, the environment over `.env`, and `.env` over the default. An empty value
counts as unset. All errors are reported together at start-up; a variable that begins with `TELECINE_` but is not listed
here is one of them.

`TELECINE_TOKEN` is not a setting of the server: `telecine upload` and `telecine watch` read their bearer token from it.
"""

_TABLE = """\
| variable | type | default | what it does |
|---|---|---|---|
"""


def configuration_page() -> str:
    """Return the page in Markdown: a table for each concern, with one row for each setting."""
    return _INTRODUCTION + "".join(_section(name, list(settings)) for name, settings in _by_concern())


def _by_concern() -> Iterator[tuple[str, Iterator[Setting]]]:
    return groupby(every_setting(), key=lambda setting: setting.concern)


def _section(concern: str, settings: list[Setting]) -> str:
    description = getattr(Settings(), concern).__doc__
    title = concern.replace("_", " ").capitalize()
    return f"\n## {title}\n\n{description}\n\n{_TABLE}" + "".join(map(_row, settings))


def _row(setting: Setting) -> str:
    shape, metas = _unwrapped(setting.field.type)
    description = next(meta.description for meta in metas if meta.description)
    default = _default_text(setting.field.default)
    return f"| `{setting.variable}` | {_type_text(shape, metas)} | {default} | {description} |\n"


def _unwrapped(hint: Any) -> tuple[Any, list[Meta]]:  # noqa: ANN401 (any type expression)
    """Return the type without its annotations and without None, and those annotations."""
    if get_origin(hint) is Annotated:
        inner, *extras = get_args(hint)
        shape, metas = _unwrapped(inner)
        return shape, [*metas, *(extra for extra in extras if isinstance(extra, Meta))]
    if get_origin(hint) in {Union, types.UnionType}:
        return _unwrapped(next(choice for choice in get_args(hint) if choice is not type(None)))
    return hint, []


def _type_text(shape: Any, metas: list[Meta]) -> str:  # noqa: ANN401 (any type expression)
    if get_origin(shape) is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in get_args(shape))
    return " ".join([_TYPE_NAMES[shape], *_limits(metas)])


def _limits(metas: list[Meta]) -> Iterator[str]:
    for meta in metas:
        if meta.gt is not None:
            yield f"over {meta.gt:g}"
        if meta.ge is not None:
            yield f"from {meta.ge:,}"
        if meta.le is not None:
            yield f"to {meta.le:,}"


def _default_text(default: object) -> str:
    if default is None:
        return "unset"
    return f"`{default}`".lower() if isinstance(default, bool) else f"`{default}`"
