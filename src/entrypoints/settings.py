"""Settings, from the environment and a `.env`, all errors told at once."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

PREFIX = "TELECINE_"
OPENAI_BASE_URL = "https://api.openai.com/v1"
MIN_SECRET_BYTES = 32
_HEADER_WORD = re.compile(r"[!-~]+")
MAX_PRESIGNED_LIFETIME_S = 604_800  # S3 and R2: a presigned URL lives at most 7 days.


# Read by `telecine upload`, which is a client and has no settings.
_OTHERS = frozenset({PREFIX + "TOKEN"})


class SettingsError(Exception):
    """Everything that is wrong with the settings, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret:
    """A text that never shows itself by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for whoever must send or use it."""
        return self._text

    def __repr__(self) -> str:
        """Nothing of the text."""
        return "Secret('***')"


Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its default; the description is the documentation."""

    data_dir: Annotated[Path, Meta(description="Where the embedded database, objects and secrets live.")] = Path(
        "telecine-data"
    )
    public_url: Annotated[
        str,
        Meta(
            description="How clients reach this server, without a slash at the end. "
            "Unset: the address that `dev` or `serve` listens on."
        ),
    ] = "http://127.0.0.1:8000"

    jwt_secret: Annotated[
        Secret | None,
        Meta(description="Secret of at least 32 bytes for HS256 tokens. Unset: made and kept in the data folder."),
    ] = None
    jwt_audience: Annotated[str | None, Meta(description="Required `aud` of tokens. Unset: not checked.")] = None
    jwt_issuer: Annotated[str | None, Meta(description="Required `iss` of tokens. Unset: not checked.")] = None
    token_lifetime_seconds: Annotated[
        int, Meta(ge=1, le=10 * 365 * 86_400, description="How long a token of `telecine token` lives.")
    ] = 30 * 86_400

    presigned_url_expiration_seconds: Annotated[
        int, Meta(ge=1, le=MAX_PRESIGNED_LIFETIME_S, description="How long an upload URL lives.")
    ] = 3600
    playback_url_expiration_seconds: Annotated[
        int, Meta(ge=1, le=MAX_PRESIGNED_LIFETIME_S, description="How long a playback URL lives.")
    ] = 3600
    max_upload_bytes: Annotated[Positive, Meta(description="The largest file.")] = 10 * 1024**3
    max_video_seconds: Annotated[Positive, Meta(description="The longest video.")] = 4 * 3600

    compression_crf: Annotated[int, Meta(ge=0, le=51, description="x264's constant rate factor: lower is better.")] = 26
    compression_max_height: Annotated[
        int, Meta(ge=2, le=8192, description="The largest shorter side of a rendition, in pixels.")
    ] = 720
    compression_max_frame_rate: Annotated[
        float, Meta(gt=0, le=120, description="The highest frame rate of a rendition.")
    ] = 30.0
    compression_preset: Annotated[
        Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"],
        Meta(description="x264's preset: slower is smaller."),
    ] = "veryfast"
    compression_audio_kbps: Annotated[int, Meta(ge=16, le=512, description="The rendition's audio bitrate.")] = 128
    ffmpeg_threads: Annotated[Positive, Meta(description="Threads for one ffmpeg run.")] = 2
    disk_reserve_bytes: Annotated[
        int, Meta(ge=0, description="Disk space that must stay free beside a job's own need.")
    ] = 1024**3

    transcriber: Annotated[
        Literal["local", "openai", "none"],
        Meta(
            description="Who transcribes: `local` is faster-whisper on this machine (extra `local`), `openai` any "
            "server that speaks OpenAI's HTTP API."
        ),
    ] = "local"
    transcription_model: Annotated[
        str | None, Meta(description="Unset: `tiny.en` for `local`, `gpt-transcribe` for `openai`.")
    ] = None
    whisper_threads: Annotated[Positive, Meta(description="CPU threads for the local transcriber.")] = 2
    openai_api_key: Annotated[Secret | None, Meta(description="The key for OpenAI or a server that speaks it.")] = None
    openai_base_url: Annotated[str, Meta(description="The server that speaks OpenAI's API.")] = OPENAI_BASE_URL

    media_concurrency: Annotated[Positive, Meta(description="Videos that one worker compresses at once.")] = 1
    io_concurrency: Annotated[Positive, Meta(description="Videos that one worker transcribes at once.")] = 2
    job_max_attempts: Annotated[
        Positive, Meta(description="Attempts at a job, those that a lost worker began included.")
    ] = 12
    job_lease_seconds: Annotated[Seconds, Meta(description="How long a job stays a silent worker's.")] = 60.0
    job_renew_seconds: Annotated[Seconds, Meta(description="How often a worker renews its lease.")] = 15.0
    job_resend_seconds: Annotated[
        Seconds, Meta(description="When a job that was sent and still waits is sent again.")
    ] = 900.0
    sweep_seconds: Annotated[Seconds, Meta(description="How often lost and waiting jobs are looked for.")] = 10.0

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Meta(description="The least severe line that is logged.")
    ] = "INFO"
    log_format: Annotated[
        Literal["console", "json"], Meta(description="Lines for people, or one JSON object a line.")
    ] = "console"


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return field.upper() if field.startswith("openai_") else PREFIX + field.upper()


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
    problems: list[str] = []
    if settings.jwt_secret is not None and len(settings.jwt_secret.reveal().encode()) < MIN_SECRET_BYTES:
        problems.append(f"{variable('jwt_secret')}: at least {MIN_SECRET_BYTES} bytes are needed")
    if settings.job_renew_seconds * 2 > settings.job_lease_seconds:
        problems.append(f"{variable('job_renew_seconds')}: at most half of {variable('job_lease_seconds')}")
    if settings.public_url.endswith("/") or not _is_web_address(settings.public_url):
        problems.append(f"{variable('public_url')}: an http(s) URL with a host and no slash at its end is needed")
    return problems + _openai_contradictions(settings)


def _openai_contradictions(settings: Settings) -> list[str]:
    """What is wrong about OpenAI; a wrong value may hold a secret, so none is repeated."""
    problems: list[str] = []
    key, base_url = settings.openai_api_key, settings.openai_base_url
    if settings.transcriber == "openai" and base_url == OPENAI_BASE_URL and key is None:
        problems.append("OPENAI_API_KEY: needed for TELECINE_TRANSCRIBER=openai")
    if key is not None and not _HEADER_WORD.fullmatch(key.reveal()):
        problems.append("OPENAI_API_KEY: printable ASCII without spaces is needed")
    if not _is_web_address(base_url):
        problems.append("OPENAI_BASE_URL: an http(s) URL with a host is needed")
    return problems


def _is_web_address(url: str) -> bool:
    """An http(s) URL with a host, to which a path can be added: there is neither query nor fragment."""
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    # The parser itself drops line ends and tabs without a word.
    return is_sound and url.isprintable() and not set(url) & set(" ?#\\")
