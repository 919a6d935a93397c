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
POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})
REDIS_SCHEMES = frozenset({"redis", "rediss"})
_HEADER_WORD = re.compile(r"[!-~]+")
MAX_PRESIGNED_LIFETIME_S = 604_800  # S3 and R2: a presigned URL lives at most 7 days.


# Read elsewhere: by `telecine upload`, which is a client and has no settings, and by tests that kill a process.
_OTHERS = frozenset({PREFIX + "TOKEN", PREFIX + "CRASH_AT"})


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

    data_dir: Annotated[
        Path, Meta(description="Where the embedded database, objects and secrets live, and where workers work.")
    ] = Path("telecine-data")
    public_url: Annotated[
        str,
        Meta(
            description="How clients reach this server, without a slash at the end. "
            "Unset: the address that `dev` or `serve` listens on."
        ),
    ] = "http://127.0.0.1:8000"

    database_url: Annotated[
        Secret | None,
        Meta(description="`postgresql://user:password@host:5432/name`. Unset: SQLite in the data folder."),
    ] = None
    database_pool_size: Annotated[Positive, Meta(description="Postgres connections of one process, at most.")] = 10
    database_pool_timeout_seconds: Annotated[
        Seconds, Meta(description="How long a call waits for a free Postgres connection.")
    ] = 5.0
    database_statement_timeout_seconds: Annotated[Seconds, Meta(description="When Postgres gives a statement up.")] = (
        15.0
    )
    redis_url: Annotated[
        Secret | None,
        Meta(description="`redis://host:6379/0`, what carries jobs to workers. Unset: inside one process."),
    ] = None
    s3_bucket: Annotated[
        str | None, Meta(description="The bucket on R2 or any S3. Unset: a folder in the data folder.")
    ] = None
    s3_endpoint_url: Annotated[
        str | None,
        Meta(description="R2: `https://<account id>.r2.cloudflarestorage.com`. Unset: AWS's own of the region."),
    ] = None
    s3_region: Annotated[str, Meta(description="The bucket's region; R2 says `auto`.")] = "auto"
    s3_access_key_id: Annotated[str | None, Meta(description="The id of a key that may read and write the bucket.")] = (
        None
    )
    s3_secret_access_key: Annotated[Secret | None, Meta(description="The secret of that key.")] = None

    jwt_secret: Annotated[
        Secret | None,
        Meta(
            description="Secret of at least 32 bytes for HS256 tokens. Unset: made and kept in the data folder; "
            "needed with Postgres, whose processes have no folder in common."
        ),
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
        Seconds | None,
        Meta(
            description="When a job that was sent and still waits is sent again. "
            "Unset: 60 with Redis or Postgres, else 900."
        ),
    ] = None
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
    return problems + _openai_contradictions(settings) + _server_contradictions(settings) + _s3_contradictions(settings)


def _server_contradictions(settings: Settings) -> list[str]:
    problems: list[str] = []
    if settings.database_url is not None:
        if not _has_scheme(settings.database_url, POSTGRES_SCHEMES):
            problems.append(f"{variable('database_url')}: postgresql://user:password@host:port/name is needed")
        if settings.jwt_secret is None:
            problems.append(f"{variable('jwt_secret')}: needed with {variable('database_url')}")
    if settings.redis_url is not None and not _has_scheme(settings.redis_url, REDIS_SCHEMES):
        problems.append(f"{variable('redis_url')}: redis://host:port/number is needed, or rediss:// for TLS")
    return problems


def _s3_contradictions(settings: Settings) -> list[str]:
    needed = ("s3_access_key_id", "s3_secret_access_key")
    given = [field for field in ("s3_endpoint_url", *needed) if getattr(settings, field) is not None]
    if settings.s3_bucket is None:
        return [f"{variable('s3_bucket')}: needed with {variable(field)}" for field in given]
    problems = [f"{variable(field)}: needed with {variable('s3_bucket')}" for field in needed if field not in given]
    endpoint = settings.s3_endpoint_url
    if endpoint is not None and not (_is_web_address(endpoint) and urlsplit(endpoint).path in {"", "/"}):
        problems.append(f"{variable('s3_endpoint_url')}: an http(s) URL with a host and no path is needed")
    return problems


def _has_scheme(url: Secret, schemes: frozenset[str]) -> bool:
    """Whether it is a URL of such a scheme with a host; it holds a password, so nobody repeats it."""
    try:
        parts = urlsplit(url.reveal())
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


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
