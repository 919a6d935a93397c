"""The doctor's findings about the host."""

import os
import shutil
from pathlib import Path

import pytest

from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks import host
from entrypoints.doctor.checks.host import (
    GIB,
    check_env_file,
    check_folder,
    check_origins,
    check_public_url,
    check_secret,
    check_space,
)
from entrypoints.doctor.report import Level, run_check

pytestmark = pytest.mark.anyio

AS_ROOT = os.geteuid() == 0


def test_an_env_file_that_others_may_read_is_a_warning(tmp_path: Path) -> None:
    """It contains secrets; the remedy is a command."""
    path = tmp_path / ".env"
    assert check_env_file(path).level is Level.OK
    path.touch(mode=0o600)
    assert check_env_file(path).level is Level.OK
    path.chmod(0o640)
    seen = check_env_file(path)
    assert (seen.level, seen.remedy) == (Level.WARNING, f"chmod 600 {path}")


def test_a_private_folder_is_ok_and_stays_unchanged(tmp_path: Path) -> None:
    """The doctor leaves nothing in it."""
    tmp_path.chmod(0o700)
    assert check_folder(tmp_path).level is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_open_to_others_is_a_warning(tmp_path: Path) -> None:
    """It contains videos of users."""
    tmp_path.chmod(0o755)
    seen = check_folder(tmp_path)
    assert (seen.level, seen.remedy) == (Level.WARNING, f"chmod 700 {tmp_path}")


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    """The first start creates it."""
    assert check_folder(tmp_path / "a" / "b").level is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_has_failed(tmp_path: Path) -> None:
    """Nothing can start with it."""
    path = tmp_path / "state"
    path.touch()
    assert check_folder(path).level is Level.FAILED


def test_a_folder_that_can_not_be_written_to_has_failed(tmp_path: Path) -> None:
    """For root, only the kernel itself can deny the write."""
    tmp_path.chmod(0o500)
    folder = Path("/proc/self") if AS_ROOT else tmp_path
    seen = check_folder(folder)
    assert seen.level is Level.FAILED
    assert f"-o {os.geteuid()} {folder}" in seen.remedy


@pytest.mark.parametrize(
    ("free_gib", "level"), [(0.5, Level.FAILED), (1, Level.WARNING), (10, Level.WARNING), (11, Level.OK)]
)
def test_room_is_compared_with_the_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_gib: float, level: Level
) -> None:
    """Below it no job begins; with ten GiB more, the largest upload fits."""
    usage = shutil.disk_usage(tmp_path)._replace(free=int(free_gib * GIB))

    def disk_usage(_path: Path) -> object:
        return usage

    monkeypatch.setattr(host.shutil, "disk_usage", disk_usage)
    assert check_space(tmp_path / "to be made", GIB).level is level


def test_a_typed_secret_is_a_warning() -> None:
    """A long secret can still be easy to guess; the finding does not contain it."""
    secret = "passwordpasswordpasswordpassword"
    seen = check_secret(Settings(tokens=TokenSettings(jwt_secret=Secret(secret))))
    assert seen.level is Level.WARNING
    assert "openssl rand -hex 32" in seen.remedy
    assert secret not in seen.observation + seen.remedy
    assert check_secret(Settings(tokens=TokenSettings(jwt_secret=Secret("0123456789abcdef" * 4)))).level is Level.OK


def test_an_identity_provider_needs_an_audience() -> None:
    """Otherwise its tokens for other applications are accepted; no local secret is checked."""
    url = "https://login.example.org/jwks"
    without_audience, with_audience = (
        check_secret(Settings(tokens=TokenSettings(jwks_url=url, jwt_audience=audience)))
        for audience in (None, "telecine")
    )
    assert (without_audience.level, with_audience.level) == (Level.WARNING, Level.OK)
    assert "TELECINE_JWT_AUDIENCE" in without_audience.remedy


def test_the_secret_in_the_data_folder_is_private(tmp_path: Path) -> None:
    """Before the first start there is none, which is fine."""
    settings = Settings(storage=StorageSettings(data_dir=tmp_path))
    assert check_secret(settings).level is Level.OK
    path = tmp_path / "jwt.secret"
    path.write_text("0" * 64 + "\n")
    path.chmod(0o644)
    assert check_secret(settings).remedy == f"chmod 600 {path}"
    path.chmod(0o600)
    assert check_secret(settings).level is Level.OK


@pytest.fixture
def half_a_secret(tmp_path: Path) -> Settings:
    """Settings whose data folder has a truncated secret."""
    (tmp_path / "jwt.secret").write_text("half")
    return Settings(storage=StorageSettings(data_dir=tmp_path))


async def test_a_damaged_secret_in_the_data_folder_has_failed(half_a_secret: Settings) -> None:
    """Every token would be rejected."""
    settings = half_a_secret
    (check,) = [each for each in host.host_checks(settings) if each.name == "token secret"]
    found = await run_check(check)
    assert found.verdict.level is Level.FAILED
    assert found.verdict.observation.endswith("(secret_damaged)")


@pytest.mark.parametrize(
    ("url", "bucket", "level"),
    [
        ("http://127.0.0.1:8000", None, Level.OK),
        ("http://localhost:8000", None, Level.OK),
        ("http://[::1]:8000", "videos", Level.WARNING),
        ("http://localhost:8000", "videos", Level.WARNING),
        ("http://video.example.org", "videos", Level.WARNING),
        ("http://video.example.org", None, Level.WARNING),
        ("https://video.example.org", "videos", Level.OK),
    ],
)
def test_clients_on_a_network_come_by_https(url: str, bucket: str | None, level: Level) -> None:
    """Tokens and presigned URLs are as sensitive as passwords."""
    assert (
        check_public_url(
            Settings(server=ServerSettings(public_url=url), storage=StorageSettings(s3_bucket=bucket))
        ).level
        is level
    )


@pytest.mark.parametrize(
    ("allowed", "level"),
    [
        (None, Level.OK),
        ("https://app.example.org, http://localhost:5173", Level.OK),
        ("https://app.example.org, http://app.example.org", Level.WARNING),
    ],
)
def test_pages_over_http_are_a_warning(allowed: str | None, level: Level) -> None:
    """They hold tokens; a loopback origin is for developers."""
    seen = check_origins(Settings(server=ServerSettings(cors_allowed_origins=allowed)))
    assert seen.level is level
    assert allowed is None or "app.example.org may call the API" in seen.observation
