"""A stand-in for ffmpeg, without a sandbox, leaves something else in place of each output: nothing of it is used."""

import asyncio
import os
from pathlib import Path

import pytest

from adapters.ffmpeg.progress import Progress
from adapters.ffmpeg.runner import Runner
from adapters.sandbox.limits import Allowance, Sandbox
from domain.model.errors import CompressionFailed

pytestmark = pytest.mark.anyio

ALLOWANCE = Allowance(wall_s=60, output_bytes=4096, threads=1)
# What each muxer's output begins with; the names are those of `-f`.
OUTPUTS = {
    "mp4": ("rendition.mp4", b"\0\0\0\x20ftypisom"),
    "mjpeg": ("poster.jpg", b"\xff\xd8\xff\xe0JFIF"),
    "ogg": ("speech.ogg", b"OggS\0\2"),
    "wav": ("speech.wav", b"RIFF\0\0\0\0WAVE"),
}
# `$1` is the output, `$2` a secret, `$3` a good file of the format.
LEFT = {
    "a link to a secret": 'rm "$1"; ln -s "$2" "$1"',
    "a link to a good file": 'rm "$1"; ln -s "$3" "$1"',
    "a link to nothing": 'rm "$1"; ln -s /no/such/file "$1"',
    "a link to a device": 'rm "$1"; ln -s /dev/zero "$1"',
    "a second name of a secret": 'rm "$1"; ln "$2" "$1"',
    "a second name of itself": 'cat "$3" >"$1"; ln "$1" "$1.kept"',
    "another good file": 'cp "$3" "$1.new"; mv "$1.new" "$1"',
    "a pipe": 'rm "$1"; mkfifo "$1"',
    "a folder": 'rm "$1"; mkdir "$1"',
    "a closed folder": 'rm "$1"; mkdir -p "$1/inner"; chmod 0 "$1"',
    "nothing": 'rm "$1"',
    "a secret's content": 'cat "$2" >"$1"',
    "another format": 'printf "<html>%500s" "" >"$1"',
}


def runner(folder: Path, script: str) -> Runner:
    """A program that runs the script; no layer of the sandbox stops it."""
    program = folder / "ffmpeg"
    program.write_text(
        f"#!/bin/sh\nfor output; do :; done\nset -- \"${{output#file:}}\" '{folder}/secret' '{folder}/good'\n{script}\n"
    )
    program.chmod(0o755)
    made = Runner(ffmpeg=str(program), ffprobe=str(program), stall_s=60)
    made._sandbox = Sandbox()
    return made


def job(folder: Path, muxer: str) -> Path:
    """A job's folder beside a secret and a good file; the path of the output."""
    name, content = OUTPUTS[muxer]
    (folder / "secret").write_text("token secret")
    (folder / "good").write_bytes(content)
    (folder / "job").mkdir()
    return folder / "job" / name


async def fill(made: Runner, output: Path, muxer: str) -> None:
    """Run it as for this output."""
    await made.run_ffmpeg(["-f", muxer, f"file:{output}"], output, ALLOWANCE, Progress(1.0))


def content_of(output: Path) -> bytes | None:
    """What a reader would find; None if nothing has the name."""
    return output.read_bytes() if os.path.lexists(output) else None


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("muxer", OUTPUTS)
async def test_what_is_not_the_output_is_refused(tmp_path: Path, muxer: str, left: str) -> None:
    """The job fails at once: no reader waits for a pipe, and no link is followed."""
    output = job(tmp_path, muxer)
    made = runner(tmp_path, LEFT[left])
    with pytest.raises(CompressionFailed):
        await asyncio.wait_for(fill(made, output, muxer), 60)
    assert content_of(output) in {None, b"token secret", b"<html>" + b" " * 500}
    assert (tmp_path / "secret").read_text() == "token secret"


@pytest.mark.parametrize("muxer", OUTPUTS)
async def test_a_file_of_the_format_is_accepted(tmp_path: Path, muxer: str) -> None:
    """It is readable for this user alone."""
    output = job(tmp_path, muxer)
    await fill(runner(tmp_path, 'cat "$3" >"$1"'), output, muxer)
    assert output.read_bytes() == OUTPUTS[muxer][1]
    assert output.stat().st_mode & 0o777 == 0o600


async def test_an_empty_output_is_removed(tmp_path: Path) -> None:
    """A frame that does not exist gives no poster; the caller looks for another."""
    output = job(tmp_path, "mjpeg")
    await fill(runner(tmp_path, ":"), output, "mjpeg")
    assert not output.exists()
