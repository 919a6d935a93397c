"""Settings of tokens: a secret, or the key set of an identity provider."""

import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.values import SettingsError

SECRET = "a secret of at least thirty-two bytes"
POSTGRES = {"TELECINE_DATABASE_URL": "postgresql://telecine:hush@db.example/telecine"}
JWKS = {"TELECINE_JWKS_URL": "https://idp.example/keys"}


def problems(environment: dict[str, str]) -> list[str]:
    """The problems of this environment."""
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
    """The URLs of some providers have a query."""
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
def test_another_key_set_address_is_an_error(url: str) -> None:
    """An attacker who can change the keys can impersonate any user; the error repeats no password."""
    assert problems({"TELECINE_JWKS_URL": url}) == [
        "TELECINE_JWKS_URL: an https URL with a host is required, or http to a loopback address"
    ]


def test_tokens_are_checked_in_one_way_only() -> None:
    """With both, a leaked secret could sign tokens of every user of the provider."""
    assert problems({"TELECINE_JWT_SECRET": SECRET, **JWKS}) == [
        "TELECINE_JWKS_URL: not with TELECINE_JWT_SECRET, because tokens are checked in one way only"
    ]


def test_postgres_requires_a_secret_or_a_key_set() -> None:
    """Its processes share no folder in which a secret could be generated."""
    assert problems(POSTGRES) == [
        "TELECINE_JWT_SECRET: required with TELECINE_DATABASE_URL, unless TELECINE_JWKS_URL is set"
    ]
    assert load_settings({**POSTGRES, **JWKS}).tokens.jwks_url == JWKS["TELECINE_JWKS_URL"]
    assert load_settings({**POSTGRES, "TELECINE_JWT_SECRET": SECRET}).tokens.jwt_secret is not None


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "86401", "soon"])
def test_the_key_set_is_at_most_a_day_old(seconds: str) -> None:
    """Otherwise a revoked key would be accepted for too long."""
    (found,) = problems({"TELECINE_JWKS_MAX_AGE_SECONDS": seconds})
    assert found.startswith("TELECINE_JWKS_MAX_AGE_SECONDS: ")
