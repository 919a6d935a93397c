"""What the doctor says of the host."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from entrypoints.doctor import host
from entrypoints.doctor.ffmpeg_build import look_at_decoders, look_at_encoders, look_at_programs, readable_codecs
from entrypoints.doctor.finding import Check, Level, find
from entrypoints.doctor.host import (
    GIB,
    look_at_env_file,
    look_at_folder,
    look_at_public_url,
    look_at_secret,
    look_at_space,
)
from entrypoints.settings import Secret, Settings

pytestmark = pytest.mark.anyio
AS_ROOT = os.geteuid() == 0


def test_an_env_file_that_others_may_read_is_a_warning(tmp_path: Path) -> None:
    """It holds secrets; the remedy is a command."""
    path = tmp_path / ".env"
    assert look_at_env_file(path).level is Level.OK
    path.touch(mode=0o600)
    assert look_at_env_file(path).level is Level.OK
    path.chmod(0o640)
    seen = look_at_env_file(path)
    assert (seen.level, seen.remedy) == (Level.WARNING, f"chmod 600 {path}")


def test_a_folder_of_ones_own_is_ok_and_stays_as_it_was(tmp_path: Path) -> None:
    """The doctor leaves nothing in it."""
    tmp_path.chmod(0o700)
    assert look_at_folder(tmp_path).level is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_open_to_others_is_a_warning(tmp_path: Path) -> None:
    """Other people's videos lie there."""
    tmp_path.chmod(0o755)
    seen = look_at_folder(tmp_path)
    assert (seen.level, seen.remedy) == (Level.WARNING, f"chmod 700 {tmp_path}")


def test_a_folder_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    """The first start makes it."""
    assert look_at_folder(tmp_path / "a" / "b").level is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_has_failed(tmp_path: Path) -> None:
    """Nothing can start on it."""
    path = tmp_path / "state"
    path.touch()
    assert look_at_folder(path).level is Level.FAILED


def test_a_folder_that_can_not_be_written_to_has_failed(tmp_path: Path) -> None:
    """Whoever may do everything is refused only by the kernel itself."""
    tmp_path.chmod(0o500)
    folder = Path("/proc/self") if AS_ROOT else tmp_path
    seen = look_at_folder(folder)
    assert seen.level is Level.FAILED
    assert f"-o {os.geteuid()} {folder}" in seen.remedy


@pytest.mark.parametrize(
    ("free_gib", "level"), [(0.5, Level.FAILED), (1, Level.WARNING), (10, Level.WARNING), (11, Level.OK)]
)
def test_room_is_compared_with_the_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_gib: float, level: Level
) -> None:
    """Below it no job begins; ten GiB above it the largest upload fits."""
    usage = shutil.disk_usage(tmp_path)._replace(free=int(free_gib * GIB))

    def disk_usage(_path: Path) -> object:
        return usage

    monkeypatch.setattr(host.shutil, "disk_usage", disk_usage)
    assert look_at_space(tmp_path / "to be made", GIB).level is level


def test_a_typed_secret_is_a_warning() -> None:
    """Long is not yet hard to guess; the secret itself is not told."""
    secret = "passwordpasswordpasswordpassword"
    seen = look_at_secret(Settings(jwt_secret=Secret(secret)))
    assert seen.level is Level.WARNING
    assert "openssl rand -hex 32" in seen.remedy
    assert secret not in seen.seen + seen.remedy
    assert look_at_secret(Settings(jwt_secret=Secret("0123456789abcdef" * 4))).level is Level.OK


def test_an_identity_provider_needs_an_audience() -> None:
    """Its tokens for other programs would else be good here; no secret of ours is looked for."""
    url = "https://login.example.org/jwks"
    lax, strict = (look_at_secret(Settings(jwks_url=url, jwt_audience=audience)) for audience in (None, "telecine"))
    assert (lax.level, strict.level) == (Level.WARNING, Level.OK)
    assert "TELECINE_JWT_AUDIENCE" in lax.remedy


def test_the_secret_in_the_data_folder_is_for_us_alone(tmp_path: Path) -> None:
    """Before the first start there is none, which is fine."""
    settings = Settings(data_dir=tmp_path)
    assert look_at_secret(settings).level is Level.OK
    path = tmp_path / "jwt.secret"
    path.write_text("0" * 64 + "\n")
    path.chmod(0o644)
    assert look_at_secret(settings).remedy == f"chmod 600 {path}"
    path.chmod(0o600)
    assert look_at_secret(settings).level is Level.OK


@pytest.fixture
def half_a_secret(tmp_path: Path) -> Settings:
    """Settings whose data folder has a secret that was cut off."""
    (tmp_path / "jwt.secret").write_text("half")
    return Settings(data_dir=tmp_path)


async def test_a_damaged_secret_in_the_data_folder_has_failed(half_a_secret: Settings) -> None:
    """Every token would be refused."""
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
    """Tokens and presigned URLs are worth as much as passwords."""
    assert look_at_public_url(Settings(public_url=url, s3_bucket=bucket)).level is level


def test_a_codec_is_read_by_the_first_decoder_of_the_build() -> None:
    """No other is tried, and refuses the file when that one is not on the allow-list."""
    listing = [
        "Codecs:",
        " D..... = Decoding supported",
        " -------",
        " DEV.LS h264                 H.264 / AVC (decoders: h264 h264_qsv ) (encoders: libx264 )",
        " DEV.L. av1                  Alliance for Open Media AV1 (decoders: libaom-av1 libdav1d )",
        " D.V.L. vp6f                 On2 VP6 (Flash version)",
        " .EA.L. mp3                  MP3 (MPEG audio layer 3) (encoders: libmp3lame )",
        " D.A.L. gsm                  GSM",
    ]
    assert readable_codecs(listing) == {"h264", "vp6f"}


@pytest.fixture
def ffmpeg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """The only programs on the PATH are an ffmpeg and an ffprobe that say, to whatever they are asked, this."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("ffmpeg", "ffprobe"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nwhile IFS= read -r line; do echo \"$line\"; done < '{tmp_path / 'says'}'\n")
        program.chmod(0o700)
    return (tmp_path / "says").write_text


async def test_a_host_without_ffmpeg_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker would not even start."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await find(Check("ffmpeg", look_at_programs, "Install ffmpeg."))
    assert found.verdict.level is Level.FAILED
    assert found.verdict.seen == "ffmpeg is not installed. (tool_missing)"
    assert found.verdict.remedy == "Install ffmpeg."


@pytest.mark.parametrize(
    ("version", "level"), [("4.4.2", Level.WARNING), ("5.1.9", Level.OK), ("n8.0", Level.OK), ("N-1-gabc", Level.OK)]
)
async def test_an_old_ffmpeg_is_a_warning(ffmpeg_says: Callable[[str], object], version: str, level: Level) -> None:
    """Nightly builds have no number that says how old they are."""
    ffmpeg_says(f"ffmpeg version {version} Copyright\nbuilt with gcc\n")
    assert (await look_at_programs()).level is level


async def test_an_ffmpeg_that_says_nothing_has_failed(ffmpeg_says: Callable[[str], object]) -> None:
    """Whatever it is, it is no ffmpeg."""
    ffmpeg_says("")
    found = await find(Check("ffmpeg", look_at_programs, "Install ffmpeg."))
    assert found.verdict.seen.endswith("(tool_failed)")


async def test_a_build_without_our_encoders_has_failed(ffmpeg_says: Callable[[str], object]) -> None:
    """Each missing one is named."""
    ffmpeg_says(" V....D mjpeg  MJPEG\n A....D aac  AAC\n")
    seen = await look_at_encoders()
    assert seen.level is Level.FAILED
    assert "libx264 (encoders)" in seen.seen
    assert "aac (encoders)" not in seen.seen


async def test_a_build_that_reads_fewer_codecs_is_a_warning(ffmpeg_says: Callable[[str], object]) -> None:
    """Such videos are refused, all others work."""
    formats = " D  mov,mp4  x\n D  matroska,webm  x\n D  avi  x\n D  mpegts  x\n D  mpeg  x\n D  flv  x\n"
    ffmpeg_says(formats)
    assert (await look_at_decoders()).level is Level.FAILED
    ffmpeg_says(f"{formats} D  ogg  x\n DEV.LS h264  H.264\n")
    seen = await look_at_decoders()
    assert seen.level is Level.WARNING
    assert "hevc" in seen.seen
    assert "h264" not in seen.seen
