"""The doctor's findings about the host."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from entrypoints.config.compression import CompressionSettings
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.checks import host
from entrypoints.doctor.checks.ffmpeg import check_build, check_programs, check_trial
from entrypoints.doctor.checks.host import (
    GIB,
    check_env_file,
    check_folder,
    check_origins,
    check_public_url,
    check_secret,
    check_space,
)
from entrypoints.doctor.report import Check, Level, find
from tests.support.ffmpeg_listing import listing_of_all

pytestmark = pytest.mark.anyio
PROFILE = CompressionSettings().profile
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
    assert secret not in seen.seen + seen.remedy
    assert check_secret(Settings(tokens=TokenSettings(jwt_secret=Secret("0123456789abcdef" * 4)))).level is Level.OK


def test_an_identity_provider_needs_an_audience() -> None:
    """Otherwise its tokens for other applications are accepted; no local secret is checked."""
    url = "https://login.example.org/jwks"
    lax, strict = (
        check_secret(Settings(tokens=TokenSettings(jwks_url=url, jwt_audience=audience)))
        for audience in (None, "telecine")
    )
    assert (lax.level, strict.level) == (Level.WARNING, Level.OK)
    assert "TELECINE_JWT_AUDIENCE" in lax.remedy


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
    found = await find(check)
    assert found.verdict.level is Level.FAILED
    assert found.verdict.seen.endswith("(secret_damaged)")


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


@pytest.fixture
def ffmpeg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Put only an ffmpeg and an ffprobe on the PATH that print this for any arguments."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("ffmpeg", "ffprobe"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nwhile IFS= read -r line; do echo \"$line\"; done < '{tmp_path / 'says'}'\n")
        program.chmod(0o700)
    return (tmp_path / "says").write_text


async def test_a_missing_ffmpeg_is_reported_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker would not even start."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await find(Check("ffmpeg", check_programs, "Install ffmpeg."))
    assert found.verdict.level is Level.FAILED
    assert found.verdict.seen == "ffmpeg is not installed. (tool_missing)"
    assert found.verdict.remedy == "Install ffmpeg."


@pytest.mark.parametrize(
    ("version", "level"), [("4.4.2", Level.WARNING), ("5.1.9", Level.OK), ("n8.0", Level.OK), ("N-1-gabc", Level.OK)]
)
async def test_an_old_ffmpeg_is_a_warning(ffmpeg_says: Callable[[str], object], version: str, level: Level) -> None:
    """Nightly builds have no comparable version number."""
    ffmpeg_says(f"ffmpeg version {version} Copyright\nbuilt with gcc\n")
    assert (await check_programs()).level is level


async def test_an_ffmpeg_that_says_nothing_has_failed(ffmpeg_says: Callable[[str], object]) -> None:
    """A program without that output is not ffmpeg."""
    ffmpeg_says("")
    found = await find(Check("ffmpeg", check_programs, "Install ffmpeg."))
    assert found.verdict.seen.endswith("(tool_failed)")


async def test_a_build_that_is_not_enough_has_failed(ffmpeg_says: Callable[[str], object]) -> None:
    """Each missing component is named."""
    ffmpeg_says(" DEVILS mjpeg  MJPEG\n")
    seen = await check_build(PROFILE)
    assert seen.level is Level.FAILED
    assert "the encoder libx264" in seen.seen
    assert "the encoder mjpeg" not in seen.seen


async def test_a_build_that_reads_fewer_codecs_is_a_warning(ffmpeg_says: Callable[[str], object]) -> None:
    """Such videos are rejected; all others work."""
    ffmpeg_says("".join(f"{line}\n" for line in listing_of_all() if " prores " not in line))
    seen = await check_build(PROFILE)
    assert seen.level is Level.WARNING
    assert "reads no prores:" in seen.seen


async def test_a_build_without_tone_mapping_is_a_warning(ffmpeg_says: Callable[[str], object]) -> None:
    """HDR videos keep their original."""
    ffmpeg_says("".join(f"{line}\n" for line in listing_of_all() if " zscale " not in line))
    seen = await check_build(PROFILE)
    assert (seen.level, "zscale: some videos (HDR) keep" in seen.seen) == (Level.WARNING, True)


async def test_a_complete_build_is_ok(ffmpeg_says: Callable[[str], object]) -> None:
    """There is no remedy."""
    ffmpeg_says("".join(f"{line}\n" for line in listing_of_all()))
    assert (await check_build(PROFILE)).level is Level.OK


async def test_a_tiny_video_is_tried() -> None:
    """With the tools of this machine."""
    assert (await check_trial(PROFILE)).level is Level.OK


async def test_an_ffmpeg_that_does_nothing_fails_the_trial(ffmpeg_says: Callable[[str], object]) -> None:
    """Although it claims to have every component."""
    ffmpeg_says("nothing\n")
    found = await find(Check("ffmpeg trial", lambda: check_trial(PROFILE), "Install ffmpeg."))
    assert found.verdict.level is Level.FAILED
    assert found.verdict.seen.endswith("(tool_missing)")


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
    assert allowed is None or "app.example.org may call the API" in seen.seen
