"""Reads the settings from the environment and a `.env`, and tells all errors at once."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values

from domain.model.rate_limit import rate_limit
from entrypoints.addresses import is_address, is_key_set_address, is_web_address
from entrypoints.compression_settings import compression_contradictions
from entrypoints.http.client_address import networks
from entrypoints.http.cors import origins
from entrypoints.import_settings import TEST_SITE_VARIABLE, import_contradictions
from entrypoints.settings import OPENAI_BASE_URL, PREFIX, Settings, SettingsError, variable
from entrypoints.speech_settings import speech_contradictions

MIN_SECRET_BYTES = 32
POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})
REDIS_SCHEMES = frozenset({"redis", "rediss"})
_HEADER_WORD = re.compile(r"[!-~]+")

# Read elsewhere: by `telecine upload`, which is a client and has no settings, and for tests that kill a process or
# stand in for YouTube.
_OTHERS = frozenset({PREFIX + "TOKEN", PREFIX + "CRASH_AT", TEST_SITE_VARIABLE})


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    defaults: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Read the settings: overrides win over the environment, that over `.env`, that over defaults.

    An empty value is as good as none, so that `NAME=` takes a setting back.

    Raises:
        SettingsError: anything is unknown, malformed, out of range or missing.
    """
    if environment is None:
        environment = {**{name: value or "" for name, value in dotenv_values(".env").items()}, **os.environ}
    fields = {variable(field): field for field in Settings.__struct_fields__}
    values, problems = _converted({fields[name]: text for name, text in environment.items() if name in fields and text})
    problems += [
        f"{name}: there is no such setting"
        for name in environment
        if name.startswith(PREFIX) and name not in fields and name not in _OTHERS
    ]
    settings = Settings(**{**(defaults or {}), **values, **(overrides or {})})
    problems += _contradictions(settings)
    if problems:
        raise SettingsError(sorted(problems))
    return settings


def _converted(texts: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    hints = get_type_hints(Settings, include_extras=True)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field, text in texts.items():
        # The end of the line in the file that the key was read from is no part of it.
        trimmed = text.strip() if field == "openai_api_key" else text
        try:
            values[field] = msgspec.convert(trimmed, hints[field], strict=False, dec_hook=_decode)
        except msgspec.ValidationError as error:
            problems.append(f"{variable(field)}: {error}")
    return values, problems


def _decode(shape: type, text: object) -> object:
    """Path and Secret are made from the plain text."""
    return shape(text)


def _contradictions(settings: Settings) -> list[str]:
    problems = _token_contradictions(settings)
    if settings.job_renew_seconds * 2 > settings.job_lease_seconds:
        problems.append(f"{variable('job_renew_seconds')}: at most half of {variable('job_lease_seconds')}")
    if settings.public_url.endswith("/") or not is_web_address(settings.public_url):
        problems.append(f"{variable('public_url')}: an http(s) URL with a host and no slash at its end is needed")
    problems += _limit_contradictions(settings) + compression_contradictions(settings)
    problems += speech_contradictions(settings) + import_contradictions(settings)
    return problems + _openai_contradictions(settings) + _server_contradictions(settings) + _s3_contradictions(settings)


def _limit_contradictions(settings: Settings) -> list[str]:
    problems: list[str] = []
    parsers: dict[str, Callable[[str], object]] = {
        "rate_limit_per_user": rate_limit,
        "rate_limit_per_address": rate_limit,
        "trusted_proxies": networks,
        "cors_allowed_origins": origins,
    }
    for field, parse in parsers.items():
        try:
            if (text := getattr(settings, field)) is not None:
                parse(text)
        except ValueError as error:
            problems.append(f"{variable(field)}: {error}")
    return problems


def _token_contradictions(settings: Settings) -> list[str]:
    problems: list[str] = []
    secret, url = variable("jwt_secret"), variable("jwks_url")
    if settings.jwt_secret is not None and len(settings.jwt_secret.reveal().encode()) < MIN_SECRET_BYTES:
        problems.append(f"{secret}: at least {MIN_SECRET_BYTES} bytes are needed")
    if settings.jwks_url is not None and not is_key_set_address(settings.jwks_url):
        problems.append(f"{url}: an https URL with a host is needed, or http to a loopback address")
    if settings.jwt_secret is not None and settings.jwks_url is not None:
        problems.append(f"{url}: not together with {secret}, for tokens are checked in one way")
    if settings.database_url is not None and settings.jwt_secret is None and settings.jwks_url is None:
        problems.append(f"{secret}: needed with {variable('database_url')}, or else {url}")
    return problems


def _server_contradictions(settings: Settings) -> list[str]:
    problems: list[str] = []
    if settings.database_url is not None and not is_address(settings.database_url.reveal(), POSTGRES_SCHEMES):
        problems.append(f"{variable('database_url')}: postgresql://user:password@host:port/name is needed")
    if settings.redis_url is not None and not is_address(settings.redis_url.reveal(), REDIS_SCHEMES):
        problems.append(f"{variable('redis_url')}: redis://host:port/number is needed, or rediss:// for TLS")
    return problems


def _s3_contradictions(settings: Settings) -> list[str]:
    needed = ("s3_access_key_id", "s3_secret_access_key")
    given = [field for field in ("s3_endpoint_url", *needed) if getattr(settings, field) is not None]
    if settings.s3_bucket is None:
        return [f"{variable('s3_bucket')}: needed with {variable(field)}" for field in given]
    problems = [f"{variable(field)}: needed with {variable('s3_bucket')}" for field in needed if field not in given]
    endpoint = settings.s3_endpoint_url
    if endpoint is not None and not (is_web_address(endpoint) and urlsplit(endpoint).path in {"", "/"}):
        problems.append(f"{variable('s3_endpoint_url')}: an http(s) URL with a host and no path is needed")
    return problems


def _openai_contradictions(settings: Settings) -> list[str]:
    """What is wrong about OpenAI; a wrong value may hold a secret, so none is repeated."""
    problems: list[str] = []
    key, base_url = settings.openai_api_key, settings.openai_base_url
    if settings.transcriber == "openai" and base_url == OPENAI_BASE_URL and key is None:
        problems.append("OPENAI_API_KEY: needed for TELECINE_TRANSCRIBER=openai")
    if key is not None and not _HEADER_WORD.fullmatch(key.reveal()):
        problems.append("OPENAI_API_KEY: printable ASCII without spaces is needed")
    if not is_web_address(base_url):
        problems.append("OPENAI_BASE_URL: an http(s) URL with a host is needed")
    return problems
