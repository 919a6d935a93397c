"""The self-test of an ffmpeg build, as a worker runs it at its start."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.ffmpeg.self_test import self_test, verified_build
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.errors import Unavailable
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.media_info import MediaInfo
from domain.model.transcripts.speech_intervals import Interval
from tests.support.ffmpeg_listing import full_listing

pytestmark = pytest.mark.anyio

FFMPEG, FFPROBE = (shutil.which(program) or program for program in ("ffmpeg", "ffprobe"))
PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)


@pytest.fixture
def ffmpeg_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """The only ffmpeg on the PATH prints prepared listings, without the given lines."""
    listings = tmp_path / "listings"
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\nwhile IFS= read -r line; do echo \"$line\"; done < '{listings}'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    def lack(*absent: str) -> None:
        lines = [line for line in full_listing() if not any(name in line for name in absent)]
        listings.write_text("\n".join(lines) + "\n")

    return lack


@pytest.fixture
def refusing(tmp_path: Path) -> FFmpegTranscoder:
    """The real ffprobe, with an ffmpeg that rejects our options."""
    program = tmp_path / "old-ffmpeg"
    program.write_text("#!/bin/sh\necho \"Unrecognized option 'max_alloc'.\" >&2; exit 1\n")
    program.chmod(0o700)
    return FFmpegTranscoder(ffmpeg=str(program), ffprobe=FFPROBE)


def real() -> FFmpegTranscoder:
    """This machine's tools, whatever the PATH is."""
    return FFmpegTranscoder(ffmpeg=FFMPEG, ffprobe=FFPROBE)


async def test_the_build_of_this_machine_passes() -> None:
    """The command lines of the jobs succeed with a tiny video."""
    transcoder = FFmpegTranscoder()
    assert (await verified_build(transcoder, PROFILE)).missing() == []


async def test_a_complete_build_passes(ffmpeg_without: Callable[..., object]) -> None:
    """The tiny video can be processed."""
    ffmpeg_without()
    assert (await verified_build(real(), PROFILE)).optional == []


@pytest.mark.any_ffmpeg
async def test_all_that_is_missing_is_named_at_once(
    ffmpeg_without: Callable[..., object], refusing: FFmpegTranscoder
) -> None:
    """The operator sees the whole list at the start, before the error of the self-test."""
    ffmpeg_without(" libx264 ", " mp4 ")
    with pytest.raises(Unavailable, match=re.escape("needs: encoder libx264, muxer mp4.")) as raised:
        await verified_build(refusing, PROFILE)
    assert (raised.value.code, raised.value.retryable) == ("tool_missing", False)


@pytest.mark.any_ffmpeg
async def test_a_worker_that_shall_make_av1_needs_its_encoder(ffmpeg_without: Callable[..., object]) -> None:
    """Other workers run without it."""
    ffmpeg_without()
    with pytest.raises(Unavailable, match="encoder libsvtav1"):
        await verified_build(real(), replace(PROFILE, codec=RenditionCodec.AV1, preset="10"))


@pytest.mark.any_ffmpeg
async def test_a_build_that_refuses_our_command_lines_is_not_enough(
    ffmpeg_without: Callable[..., object], refusing: FFmpegTranscoder
) -> None:
    """The error contains ffmpeg's message."""
    ffmpeg_without()
    with pytest.raises(Unavailable, match="Unrecognized option 'max_alloc'") as raised:
        await verified_build(refusing, PROFILE)
    assert (raised.value.code, raised.value.retryable) == ("tool_missing", False)


class WithoutSilences(FFmpegTranscoder):
    """A transcoder whose ffmpeg loses the log of the silences."""

    async def extract_audio(self, source: Path, target: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        await super().extract_audio(source, target, media=media)
        return ()


class Cutting(FFmpegTranscoder):
    """A transcoder whose remux ends with the shorter of the two tracks."""

    async def probe(self, path: Path, *, is_rendition: bool = False) -> MediaInfo:
        media = await super().probe(path, is_rendition=is_rendition)
        return replace(media, duration_s=1.7) if path.name == "remux.mp4" else media


class Silencing(FFmpegTranscoder):
    """A transcoder whose encodes lose their sound."""

    async def probe(self, path: Path, *, is_rendition: bool = False) -> MediaInfo:
        media = await super().probe(path, is_rendition=is_rendition)
        return replace(media, audio_codec=None) if path.name == "rendition.mp4" else media


@pytest.mark.any_ffmpeg
@pytest.mark.parametrize(
    ("transcoder", "message"),
    [
        (WithoutSilences, "Of the silences at .* in the sound, it found"),
        (Cutting, "The result of the remux lasts 1.70 s instead of 2.53 s"),
        (Silencing, "The result of the compress has no sound"),
    ],
)
async def test_a_build_whose_results_are_wrong_is_not_enough(transcoder: type[FFmpegTranscoder], message: str) -> None:
    """Although none of its programs fails."""
    with pytest.raises(Unavailable, match=f"This ffmpeg failed the self-test: {message}") as raised:
        await self_test(transcoder(), PROFILE)
    assert raised.value.code == "tool_missing"


@pytest.mark.any_ffmpeg
async def test_a_machine_without_ffmpeg_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusing: FFmpegTranscoder
) -> None:
    """Whatever the self-test reports."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(Unavailable, match="ffmpeg is not installed"):
        await verified_build(refusing, PROFILE)
