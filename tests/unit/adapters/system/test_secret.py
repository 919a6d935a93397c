"""The secret that an installation creates for itself."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.system.secret import load_or_create_secret
from domain.model.errors import Unavailable


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    """Tokens must stay valid after a restart."""
    secret = load_or_create_secret(tmp_path / "secret")

    assert len(secret) == 32
    assert load_or_create_secret(tmp_path / "secret") == secret


def test_two_places_have_two_secrets(tmp_path: Path) -> None:
    """Secrets are random, not derived."""
    assert load_or_create_secret(tmp_path / "a") != load_or_create_secret(tmp_path / "b")


def test_only_its_owner_may_read_the_secret(tmp_path: Path) -> None:
    """The file is private from its creation on, and no other file is left."""
    load_or_create_secret(tmp_path / "secret")

    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "secret"]


def test_concurrent_starts_get_the_same_secret(tmp_path: Path) -> None:
    """One process creates the secret, the others use it."""
    for round_number in range(20):
        path = tmp_path / f"secret-{round_number}"
        with ThreadPoolExecutor(8) as executor:
            assert len(set(executor.map(load_or_create_secret, [path] * 8))) == 1


@pytest.mark.parametrize(
    "content", ["", "\n", "00" * 31 + "\n", "00" * 33 + "\n", "zz" * 32 + "\n", "00" * 32, "ü" * 64 + "\n"]
)
def test_a_damaged_secret_is_named_and_left_alone(tmp_path: Path, content: str) -> None:
    """It is not overwritten: the file may help to restore the secret."""
    path = tmp_path / "secret"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(Unavailable, match="does not hold 32 bytes") as caught:
        load_or_create_secret(path)

    assert (caught.value.code, caught.value.retryable) == ("secret_damaged", False)
    assert str(path) in str(caught.value)
    assert path.read_text(encoding="utf-8") == content
