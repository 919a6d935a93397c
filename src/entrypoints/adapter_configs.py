"""What the settings say to adapters that have a configuration of their own."""

from typing import TypeVar

from adapters.s3.config import S3Config
from adapters.sql.config import PostgresConfig
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


def _needed(value: T | None, field: str) -> T:
    if value is None:
        raise SettingsError([f"{variable(field)}: needed"])
    return value
