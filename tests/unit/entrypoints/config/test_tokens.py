"""Settings that say who may come in: a secret, or where an identity provider publishes its keys."""

import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.values import SettingsError

SECRET = "a secret of at least thirty-two bytes"
POSTGRES = {"TELECINE_DATABASE_URL": "postgresql://telecine:hush@db.example/telecine"}
JWKS = {"TELECINE_JWKS_URL": "https://idp.example/keys"}


def problems(environment: dict[str, str]) -> list[str]:
    """What is wrong with this environment."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environment)
    return caught.value.problems


@pytest.mark.parametrize(
    "url",
    [
        "https://idp.example/.well-known/jwks.json",
        "https://idp.example:8443/keys?p=policy",
        "http://127.0.0.1:8080/keys",
        "http://[::1]:8080/keys",
        "http://localhost/keys",
    ],
)
def test_keys_are_fetched_over_tls_or_from_this_machine(url: str) -> None:
    """A query is part of some providers' addresses."""
    tokens = load_settings({"TELECINE_JWKS_URL": url}).tokens
    assert (tokens.jwks_url, tokens.jwks_max_age_seconds) == (url, 300.0)


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.example/keys",
        "http://10.0.0.1/keys",
        "http://127.0.0.1.example/keys",
        "http://localhost.example/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/keys",
        "idp.example",
        "https://",
        "https:///keys",
        "https://idp.example:0/keys",
        "https://idp.example:99999/keys",
        "https://user:hush@idp.example/keys",
        "https://idp.example/keys#first",
        "https://idp.example/ke ys",
        "https://idp.example/keys\n",
        "https://idp.example\\@evil.example/keys",
        "https://[::1/keys",
    ],
)
def test_keys_come_from_no_other_address(url: str) -> None:
    """Whoever can change the keys can be any user; a password in the address is not repeated."""
    assert problems({"TELECINE_JWKS_URL": url}) == [
        "TELECINE_JWKS_URL: an https URL with a host is required, or http to a loopback address"
    ]


def test_tokens_are_checked_in_one_way() -> None:
    """With two, whoever has learnt the secret would be everybody whom the provider knows."""
    assert problems({"TELECINE_JWT_SECRET": SECRET, **JWKS}) == [
        "TELECINE_JWKS_URL: not with TELECINE_JWT_SECRET, because tokens are checked in one way only"
    ]


def test_postgres_needs_one_of_the_two() -> None:
    """Its processes have no folder in common to keep a secret in."""
    assert problems(POSTGRES) == [
        "TELECINE_JWT_SECRET: required with TELECINE_DATABASE_URL, unless TELECINE_JWKS_URL is set"
    ]
    assert load_settings({**POSTGRES, **JWKS}).tokens.jwks_url == JWKS["TELECINE_JWKS_URL"]
    assert load_settings({**POSTGRES, "TELECINE_JWT_SECRET": SECRET}).tokens.jwt_secret is not None


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "86401", "soon"])
def test_keys_grow_old_within_a_day(seconds: str) -> None:
    """Else a key that is taken back would be good for too long."""
    (told,) = problems({"TELECINE_JWKS_MAX_AGE_SECONDS": seconds})
    assert told.startswith("TELECINE_JWKS_MAX_AGE_SECONDS: ")
