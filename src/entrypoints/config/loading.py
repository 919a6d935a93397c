"""Reads the settings from the environment and `.env`, and reports all errors at once."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from dotenv import dotenv_values
from msgspec.structs import fields

from entrypoints.config.imports import TEST_SITE_VARIABLE
from entrypoints.config.settings import Setting, Settings, every_setting
from entrypoints.config.values import PREFIX, SettingsError

# Variables that are not settings: `telecine upload`, a client, reads its token from the first; the other two are for
# tests, which kill a process or replace YouTube.
_NOT_SETTINGS = frozenset({PREFIX + "TOKEN", PREFIX + "CRASH_AT", TEST_SITE_VARIABLE})

# A key is often read from a file, whose final newline is not part of it.
_STRIPPED = frozenset({"OPENAI_API_KEY"})


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    defaults: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings; overrides take precedence over the environment, then `.env`, then `defaults`.

    `defaults` and `overrides` map the names of variables to values of the settings' types. An empty variable counts as
    unset, so `NAME=` restores a default.

    Raises:
        SettingsError: any variable is unknown, malformed, out of range or missing.
    """
    if environment is None:
        environment = {**{name: value or "" for name, value in dotenv_values(".env").items()}, **os.environ}
    known = {setting.variable: setting for setting in every_setting()}
    values, problems = _converted(known, environment)
    problems += _unknown(known, environment)
    settings = _grouped(known, {**(defaults or {}), **values, **(overrides or {})})
    problems += settings.problems()
    if problems:
        raise SettingsError(sorted(problems))
    return settings


def _converted(known: Mapping[str, Setting], environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, text in environment.items():
        if name not in known or not text:
            continue
        stripped = text.strip() if name in _STRIPPED else text
        try:
            values[name] = msgspec.convert(stripped, known[name].field.type, strict=False, dec_hook=_decode)
        except msgspec.ValidationError as error:
            problems.append(f"{name}: {error}")
    return values, problems


def _decode(shape: type, text: object) -> object:
    """Build a Path or a Secret from its text."""
    return shape(text)


def _unknown(known: Mapping[str, Setting], environment: Iterable[str]) -> list[str]:
    return [
        f"{name}: there is no such setting"
        for name in environment
        if name.startswith(PREFIX) and name not in known and name not in _NOT_SETTINGS
    ]


def _grouped(known: Mapping[str, Setting], values: Mapping[str, Any]) -> Settings:
    """Build the Struct of each concern from values by variable."""
    grouped: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        grouped.setdefault(known[name].concern, {})[known[name].field.name] = value
    concerns: dict[str, Any] = {concern.name: concern.type for concern in fields(Settings)}
    return Settings(**{name: concerns[name](**chosen) for name, chosen in grouped.items()})
