"""Settings as a whole: what they cover, and which topology they describe."""

import pytest

from entrypoints.config.database import DatabaseSettings
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.settings import Settings, every_setting
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.values import Secret

POSTGRES = DatabaseSettings(url=Secret("postgresql://db.example/telecine"))
REDIS = JobQueueSettings(redis_url=Secret("redis://redis.example:6379/0"))
BUCKET = StorageSettings(s3_bucket="videos")


@pytest.mark.parametrize(
    ("settings", "is_alone", "is_embedded", "has_state_in_data_dir"),
    [
        (Settings(), True, True, True),
        (Settings(job_queue=REDIS), False, True, True),
        (Settings(storage=BUCKET), True, False, True),
        (Settings(database=POSTGRES), False, False, True),
        (Settings(database=POSTGRES, storage=BUCKET), False, False, False),
        (Settings(database=POSTGRES, storage=BUCKET, job_queue=REDIS), False, False, False),
    ],
)
def test_the_topology_follows_from_what_is_external(
    *, settings: Settings, is_alone: bool, is_embedded: bool, has_state_in_data_dir: bool
) -> None:
    """Postgres, Redis and a bucket may each be external or embedded."""
    assert settings.is_alone is is_alone
    assert settings.is_embedded is is_embedded
    assert settings.has_state_in_data_dir is has_state_in_data_dir


def test_each_variable_belongs_to_one_setting() -> None:
    """Two concerns with the same variable would hide one of them."""
    variables = [setting.variable for setting in every_setting()]
    assert len(variables) == len(set(variables)) > 0


def test_every_secret_is_found_whichever_concern_it_is_in() -> None:
    """The doctor redacts them all."""
    settings = Settings(database=POSTGRES, job_queue=REDIS, tokens=TokenSettings(jwt_secret=Secret("x" * 32)))
    assert [secret.reveal() for secret in settings.secrets] == [
        "postgresql://db.example/telecine",
        "redis://redis.example:6379/0",
        "x" * 32,
    ]


def test_the_defaults_are_valid() -> None:
    """Nothing needs to be set."""
    assert Settings().problems() == []
