"""Settings of playback, and of the bucket's public name."""

import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.settings import Settings
from entrypoints.config.values import SettingsError

SECRET = "0123456789abcdef" * 2
BUCKET = {
    "TELECINE_S3_BUCKET": "videos",
    "TELECINE_S3_ACCESS_KEY_ID": "id",
    "TELECINE_S3_SECRET_ACCESS_KEY": "secret",
}
CDN = {**BUCKET, "TELECINE_CDN_URL": "https://media.example.org", "TELECINE_CDN_SECRET": SECRET}


def problems(environment: dict[str, str]) -> list[str]:
    """The problems of these settings."""
    with pytest.raises(SettingsError) as invalid:
        load_settings(environment)
    return invalid.value.problems


def test_a_cdn_needs_an_address_and_a_secret() -> None:
    """The secret is not in a repr."""
    settings = load_settings(CDN)
    assert settings.playback.cdn_url == "https://media.example.org"
    assert SECRET not in repr(settings)
    assert Settings().playback.lifetime.signed_s == 5400


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"TELECINE_CDN_URL": "https://media.example.org/"}, "TELECINE_CDN_URL"),
        ({"TELECINE_CDN_URL": "https://media.example.org/videos"}, "TELECINE_CDN_URL"),
        ({"TELECINE_CDN_URL": "media.example.org"}, "TELECINE_CDN_URL"),
        ({"TELECINE_CDN_SECRET": "too short"}, "TELECINE_CDN_SECRET"),
        ({"TELECINE_CDN_SECRET": f'{SECRET}"'}, "TELECINE_CDN_SECRET"),
        ({"TELECINE_S3_PUBLIC_ENDPOINT_URL": "https://s3.example.org/path"}, "TELECINE_S3_PUBLIC_ENDPOINT_URL"),
        ({"TELECINE_S3_PUBLIC_ENDPOINT_URL": "s3.example.org"}, "TELECINE_S3_PUBLIC_ENDPOINT_URL"),
        ({"TELECINE_PLAYBACK_URL_EXPIRATION_SECONDS": "604801"}, "TELECINE_PLAYBACK_URL_EXPIRATION_SECONDS"),
        ({"TELECINE_PLAYBACK_TOKENS_PER_VIDEO": "0"}, "TELECINE_PLAYBACK_TOKENS_PER_VIDEO"),
    ],
)
def test_an_invalid_setting_is_named(change: dict[str, str], names: str) -> None:
    """The value of a secret is not repeated."""
    found = problems({**CDN, **change})
    assert [problem.split(":")[0] for problem in found] == [names]
    assert SECRET not in "".join(found)


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({**BUCKET, "TELECINE_CDN_SECRET": SECRET}, "TELECINE_CDN_URL"),
        ({**BUCKET, "TELECINE_CDN_URL": "https://media.example.org"}, "TELECINE_CDN_SECRET"),
        ({"TELECINE_CDN_URL": CDN["TELECINE_CDN_URL"], "TELECINE_CDN_SECRET": SECRET}, "TELECINE_S3_BUCKET"),
        ({"TELECINE_S3_PUBLIC_ENDPOINT_URL": "https://s3.example.org"}, "TELECINE_S3_BUCKET"),
    ],
)
def test_settings_that_need_another_one(environment: dict[str, str], name: str) -> None:
    """A CDN and a public name are those of an S3 bucket."""
    assert [problem.split(":")[0] for problem in problems(environment)] == [name]
