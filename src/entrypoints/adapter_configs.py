"""What the settings say to adapters that have a configuration of their own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from adapters.openai.config import OpenAIConfig
from adapters.s3.config import S3Config
from adapters.sql.config import PostgresConfig
from adapters.ytdlp.config import YtDlpConfig
from entrypoints.import_settings import site_of_tests
from entrypoints.settings import Settings, SettingsError, variable

T = TypeVar("T")


def postgres_config(settings: Settings) -> PostgresConfig:
    """How to reach Postgres.

    Raises:
        SettingsError: the settings don't say where it is.
    """
    return PostgresConfig(
        url=_needed(settings.database_url, "database_url").reveal(),
        pool_size=settings.database_pool_size,
        pool_timeout_s=settings.database_pool_timeout_seconds,
        statement_timeout_s=settings.database_statement_timeout_seconds,
    )


def s3_config(settings: Settings) -> S3Config:
    """How to reach the bucket.

    Raises:
        SettingsError: the settings don't name it, or the key to it.
    """
    return S3Config(
        bucket=_needed(settings.s3_bucket, "s3_bucket"),
        access_key_id=_needed(settings.s3_access_key_id, "s3_access_key_id"),
        secret_access_key=_needed(settings.s3_secret_access_key, "s3_secret_access_key").reveal(),
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
    )


def openai_config(settings: Settings) -> OpenAIConfig:
    """How to reach a transcriber that speaks OpenAI's API."""
    key = settings.openai_api_key
    return OpenAIConfig(
        api_key=key.reveal() if key is not None else None,
        base_url=settings.openai_base_url,
        model=settings.transcription_model or OpenAIConfig().model,
        answer_format=settings.transcription_answer_format,
        timeout_s=settings.transcription_timeout_seconds,
    )


def ytdlp_config(settings: Settings, environment: Mapping[str, str]) -> YtDlpConfig:
    """How videos are imported from YouTube, or from the site that a test has put in its place.

    Raises:
        SettingsError: that site is not on this machine.
    """
    proxy, site = settings.youtube_proxy_url, site_of_tests(environment)
    config = YtDlpConfig(settings.youtube_cookies_file, proxy.reveal() if proxy is not None else None)
    return config if site is None else replace(config, extractors="generic", watch_url=site)


def _needed(value: T | None, field: str) -> T:
    if value is None:
        raise SettingsError([f"{variable(field)}: needed"])
    return value
