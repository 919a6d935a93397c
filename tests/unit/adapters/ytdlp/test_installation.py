"""The installation of yt-dlp, and what it needs."""

from pathlib import Path

import pytest

from adapters.ytdlp import installation

pytestmark = pytest.mark.anyio


def test_deno_is_looked_for_where_yt_dlp_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Next to this Python and in the system's folders, not on our PATH."""
    deno = tmp_path / "deno"
    deno.touch(mode=0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(installation.os, "defpath", str(tmp_path / "nowhere"))
    assert "Deno" in installation.missing_script_runtimes()
    monkeypatch.setattr(installation.sysconfig, "get_path", {"scripts": str(tmp_path)}.__getitem__)
    assert "Deno" not in installation.missing_script_runtimes()


def test_scripts_need_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """`yt-dlp[default]` includes it."""
    monkeypatch.setattr(installation, "find_spec", {"yt_dlp_ejs": None}.__getitem__)
    assert "yt-dlp-ejs" in installation.missing_script_runtimes()
