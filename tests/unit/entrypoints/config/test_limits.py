import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.values import SettingsError


def test_limits_are_read_from_the_environment() -> None:
    """They are kept as written."""
    environment = {"TELECINE_RATE_LIMIT_PER_USER": "600/minute", "TELECINE_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8"}
    limits = load_settings({**environment, "TELECINE_TRANSCRIBER": "none"}).limits

    assert (limits.rate_limit_per_user, limits.trusted_proxies) == ("600/minute", "10.0.0.0/8, fd00::/8")
    assert limits.rate_limit_per_address is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("TELECINE_RATE_LIMIT_PER_USER", "600", "the form `600/minute`"),
        ("TELECINE_RATE_LIMIT_PER_ADDRESS", "0/hour", "count of a rate limit must be from 1 to 1,000,000"),
        ("TELECINE_TRUSTED_PROXIES", "10.0.0.1/8", "10.0.0.1/8 has host bits set"),
        ("TELECINE_TRUSTED_PROXIES", "nginx", "'nginx' does not appear to be an IPv4 or IPv6 network"),
    ],
)
def test_the_error_for_a_malformed_limit_names_its_variable(name: str, text: str, expected: str) -> None:
    """It is reported at start-up, not at the first request."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: text})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{name}: ")
    assert expected in problem
