"""The shell blocks of docs/api.md, run as a reader would run them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from entrypoints.cli.commands.demo import SAMPLE
from tests.e2e.processes import running
from tests.media import make
from tests.services.missing import missing
from tests.services.transcription_server import VERBOSE, in_json, running_transcription_server

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/api.md"
PROGRAMS = ("curl", "jq")
SENTENCE = "Welcome to your own video service."
SPEECH = VERBOSE | {"text": SENTENCE, "segments": [VERBOSE["segments"][0] | {"text": f" {SENTENCE}"}]}
CAPTIONS = f"WEBVTT\n\n00:00:00.100 --> 00:00:00.900\n{SENTENCE}\n"

# Not run: these need a setting, or a service outside, that the test does not have.
LEFT_OUT = {"A walk through the API", "Import it from YouTube", "Download the original"}

# `curl` fails with an error status, so that the walk ends at the first request that the server rejects.
PREAMBLE = """set -euo pipefail
curl() { command curl --fail-with-body --max-time 60 "$@"; }
"""


def sections() -> dict[str, list[str]]:
    """The shell blocks of every section, in order."""
    parts = re.split(r"^## |^# ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL) for part in parts}


def script(url: str) -> str:
    """The walk against this server; every section is announced by its name."""
    walk = [
        "\n".join([f"echo '== {name}'", *blocks])
        for name, blocks in sections().items()
        if blocks and name not in LEFT_OUT
    ]
    return PREAMBLE + "\n".join(walk).replace("URL=http://127.0.0.1:8000", f"URL={url}", 1)


def prepare(folder: Path) -> None:
    """Lay out what the page expects in the reader's folder, with a shorter sample."""
    commands = folder / ".venv/bin"
    commands.mkdir(parents=True)
    for name in ("telecine", "python"):
        command = commands / name
        module = "-m entrypoints.cli" if name == "telecine" else ""
        command.write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n')
        command.chmod(0o755)
    sample = folder / "src/entrypoints/cli/sample.mp4"
    sample.parent.mkdir(parents=True)
    make.ffmpeg(sample, "-i", str(SAMPLE), "-t", "3", "-c", "copy")
    (folder / "captions.vtt").write_text(CAPTIONS)


def test_the_walk_through_the_api_works(tmp_path: Path) -> None:
    """Every request succeeds, and the answers are those that the page shows."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            missing(program, f"Install it: apt-get install {program}.")
    prepare(tmp_path)
    with (
        running_transcription_server() as transcription,
        running(
            tmp_path / "telecine-data",
            TELECINE_TRANSCRIBER="openai",
            TELECINE_COMPRESSION_PRESET="ultrafast",
            OPENAI_API_KEY="test",
            OPENAI_BASE_URL=transcription.base_url,
            TELECINE_CORS_ALLOWED_ORIGINS="https://app.example.org",
        ) as server,
    ):
        transcription.script.extend([in_json(SPEECH)] * 10)
        walk = subprocess.run(
            ["/bin/bash", "-c", script(server.url)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert walk.returncode == 0, walk.stdout[-3000:] + walk.stderr[-1500:]
    shown = dict(part.split("\n", 1) for part in walk.stdout.split("== ")[1:])
    expected = {
        "Upload": ["200"],
        "Follow it": ["event: video.completed", '"event":"end","data":{"reason":"terminal"}', "\n304\n"],
        "Play it": ["206"],
        "Read it": [f'"text": "{SENTENCE}"'],
        "Search in what was said": ['"highlights"', SENTENCE],
        "Be called instead": ["whsec_"],
        "Delete it": ["204"],
        "From a web page": ["access-control-allow-origin: https://app.example.org"],
    }
    not_shown = [(name, text) for name, texts in expected.items() for text in texts if text not in shown[name]]
    assert not_shown == [], walk.stdout


def test_every_section_that_is_left_out_exists() -> None:
    """A renamed section would otherwise run, or be left out, unnoticed."""
    assert sections().keys() >= LEFT_OUT
