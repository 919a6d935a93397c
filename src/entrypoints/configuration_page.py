"""The page that documents every setting, made from the settings themselves."""

import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Meta

from entrypoints.settings import Secret, Settings, variable

_PLAIN = {
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

Telecine is set up by environment variables, and by a file `.env` in the folder that it is started in. A flag of the
command wins over the environment, that over `.env`, that over the default. An empty value is as good as none. At the
start all errors are told at once; a variable that begins with `TELECINE_` and is not in this table is one of them.

`TELECINE_TOKEN` is not a setting of the server: `telecine upload` takes its bearer token from it.

| variable | type | default | what it does |
|---|---|---|---|
"""


def configuration_page() -> str:
    """The page in Markdown: one row for each setting."""
    return _INTRODUCTION + "".join(_rows())


def _rows() -> Iterator[str]:
    hints = get_type_hints(Settings, include_extras=True)
    for field, default in zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True):
        shape, metas = _unwrapped(hints[field])
        description = next(meta.description for meta in metas if meta.description)
        yield f"| `{variable(field)}` | {_in_words(shape, metas)} | {_shown(default)} | {description} |\n"


def _unwrapped(hint: Any) -> tuple[Any, list[Meta]]:  # noqa: ANN401 (any type expression)
    """The type without its annotations and without None, and what the annotations say."""
    if get_origin(hint) is Annotated:
        inner, *extras = get_args(hint)
        shape, metas = _unwrapped(inner)
        return shape, [*metas, *(extra for extra in extras if isinstance(extra, Meta))]
    if get_origin(hint) in {Union, types.UnionType}:
        return _unwrapped(next(choice for choice in get_args(hint) if choice is not type(None)))
    return hint, []


def _in_words(shape: Any, metas: list[Meta]) -> str:  # noqa: ANN401 (any type expression)
    if get_origin(shape) is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in get_args(shape))
    return " ".join([_PLAIN[shape], *_limits(metas)])


def _limits(metas: list[Meta]) -> Iterator[str]:
    for meta in metas:
        if meta.gt is not None:
            yield f"over {meta.gt:g}"
        if meta.ge is not None:
            yield f"from {meta.ge:,}"
        if meta.le is not None:
            yield f"to {meta.le:,}"


def _shown(default: object) -> str:
    if default is None:
        return "unset"
    return f"`{default}`".lower() if isinstance(default, bool) else f"`{default}`"
