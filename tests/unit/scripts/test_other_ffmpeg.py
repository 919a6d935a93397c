"""The script that unpacks another ffmpeg, without apt and a network."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "other-ffmpeg.sh"


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "message"),
    [
        ([], {}, 2, "usage"),
        (["Trixie 13"], {}, 2, "'Trixie 13' is not the name of a Debian suite"),
        (["trixie"], {"DEBIAN_KEYRING": "/dev/null/keyring"}, 3, "install the package debian-archive-keyring"),
        (["trixie"], {"DEBIAN_MIRROR": "http://127.0.0.1:9/debian"}, 1, "http://127.0.0.1:9/debian"),
    ],
    ids=["no suite", "a wrong suite", "no keyring", "no mirror"],
)
def test_an_ffmpeg_that_can_not_be_unpacked_is_explained(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], code: int, message: str
) -> None:
    """Nothing is left behind, and the exit code says whether another attempt may help."""
    apt, dpkg = tmp_path / "bin" / "apt-get", tmp_path / "bin" / "dpkg-deb"
    apt.parent.mkdir()
    for program in (apt, dpkg):  # On a system without them, their absence would be reported first.
        program.write_text('#!/bin/sh\necho "$0 fails" >&2\nexit 100\n')
        program.chmod(0o700)
    keyring = tmp_path / "keyring.gpg"
    keyring.touch()
    paths = {"PATH": f"{apt.parent}:/usr/bin:/bin", "DEBIAN_KEYRING": str(keyring)}
    target = [str(tmp_path / "ffmpegs" / "other")] if arguments else []
    ran = subprocess.run(
        ["/bin/sh", SCRIPT, *arguments, *target],
        env={**paths, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (code, "")
    assert message in ran.stderr
    assert [path.name for path in (tmp_path / "ffmpegs").rglob("*")] == []


def test_an_unpacked_ffmpeg_is_used_again(tmp_path: Path) -> None:
    """Without apt or a network."""
    for name in ("ffmpeg", "ffprobe"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o700)
    ran = subprocess.run(["/bin/sh", SCRIPT, "trixie", tmp_path], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == str(tmp_path / "bin")
