"""What ffmpeg makes of videos of every kind, valid and hostile."""

import json
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.media.acceptance import MediaPolicy
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_check import check_rendition
from tests.contract.transcoder_fixtures import pids_in
from tests.media import make, odd
from tests.unit.adapters.ffmpeg.film import PROFILE, ignore
from tests.unit.adapters.ffmpeg.film import rendition_of as proven

pytestmark = pytest.mark.anyio

SLOW = replace(PROFILE, preset="medium")
POLICY = MediaPolicy(max_duration_s=4 * 3600)
SECRET = "Canary-7f3a"
SAMPLE = Path(__file__).resolve().parents[4] / "src/entrypoints/cli/sample.mp4"


async def rendition_of(source: Path) -> tuple[MediaInfo, MediaInfo]:
    """The media of a source and of its rendition; the source is accepted, and the rendition passes its check."""
    made = await proven(source)
    POLICY.check(made.source)
    return made.source, made.rendition


async def refusal_of(source: Path) -> str:
    """The code with which a file is rejected."""
    with pytest.raises(MediaRejected) as raised:
        POLICY.check(await FFmpegTranscoder().probe(source))
    return raised.value.code


def described(path: Path) -> str:
    """All that an ffprobe without our limits finds in a file."""
    argv = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", str(path)]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("extension", make.EXTENSIONS)
async def test_every_container_that_may_be_uploaded_is_accepted(tmp_path: Path, extension: str) -> None:
    """With the codecs that are common in it."""
    media, rendition = await rendition_of(make.video(tmp_path / f"source{extension}", duration_s=1))
    assert media.has_audio
    assert (rendition.video_codec, rendition.audio_codec, rendition.stream_count) == ("h264", "aac", 2)


async def test_a_rendition_plays_before_it_is_complete(tmp_path: Path) -> None:
    """The index precedes the media (fast start)."""
    await rendition_of(make.video(tmp_path / "source.mp4", duration_s=1))
    content = (tmp_path / "rendition.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


async def test_odd_sizes_and_full_chroma_become_playable(tmp_path: Path) -> None:
    """321 x 241 in 4:4:4 becomes 320 x 240 in 4:2:0."""
    source = make.video(tmp_path / "source.mkv", duration_s=1, width=321, height=241, options=("-pix_fmt", "yuv444p"))
    _, rendition = await rendition_of(source)
    assert (rendition.width, rendition.height) == (320, 240)
    assert json.loads(described(tmp_path / "rendition.mp4"))["streams"][0]["pix_fmt"] == "yuv420p"


async def test_a_rotated_video_is_turned_upright(tmp_path: Path) -> None:
    """The rendition needs no rotation tag."""
    media, rendition = await rendition_of(make.rotated(tmp_path / "source.mp4"))
    assert (media.width, media.height) == (rendition.width, rendition.height) == (240, 320)
    assert "rotation" not in described(tmp_path / "rendition.mp4")


async def test_hdr_becomes_sdr(tmp_path: Path) -> None:
    """Both tags and pixels."""
    await rendition_of(make.hdr(tmp_path / "source.mp4"))
    stream = json.loads(described(tmp_path / "rendition.mp4"))["streams"][0]
    assert (stream["color_transfer"], stream["color_primaries"], stream["pix_fmt"]) == ("bt709", "bt709", "yuv420p")


async def test_no_metadata_of_the_file_is_kept(tmp_path: Path) -> None:
    """Titles, locations and chapters stay in the original."""
    source = make.with_metadata(tmp_path / "source.mp4", SECRET)
    assert SECRET in described(source)
    await rendition_of(source)
    assert SECRET.encode() not in (tmp_path / "rendition.mp4").read_bytes()
    media = await FFmpegTranscoder().probe(source)
    await FFmpegTranscoder().extract_audio(source, tmp_path / "audio.ogg", media=media)
    assert SECRET.encode() not in (tmp_path / "audio.ogg").read_bytes()


async def test_cover_art_does_not_become_the_picture(tmp_path: Path) -> None:
    """Even if it is the first stream."""
    media, rendition = await rendition_of(make.with_cover_art(tmp_path / "source.mp4"))
    assert (media.width, media.stream_count, rendition.width, rendition.stream_count) == (320, 3, 320, 2)


async def test_subtitles_are_left_out(tmp_path: Path) -> None:
    """They are no reason to reject a file."""
    _, rendition = await rendition_of(make.with_subtitles(tmp_path / "source.mkv"))
    assert rendition.stream_count == 2


async def test_a_picture_that_slows_down_is_not_truncated(tmp_path: Path) -> None:
    """An MP4 states too short a duration if its last frames are reordered and far apart."""
    made = await proven(odd.slowing_down(tmp_path / "source.mkv"), replace(PROFILE, preset="veryfast"))
    assert made.rendition.picture.duration_s == pytest.approx(made.source.picture.duration_s, abs=0.1)


@pytest.mark.parametrize("extension", [".ts", ".mp4", ".mkv"])
async def test_sound_that_begins_late_keeps_its_place(tmp_path: Path, extension: str) -> None:
    """Times are those of the video, so that captions fit; transport streams are the difficult case."""
    source = make.with_late_sound(tmp_path / f"source{extension}", start_s=1.5, audible_s=1.0)
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    before, after = await transcoder.extract_audio(source, tmp_path / "audio.ogg", media=media)
    bounds = (before.end_s, after.start_s, after.end_s)
    assert bounds == pytest.approx((1.5, 2.5, media.duration_s), abs=0.05)


async def test_a_file_without_a_duration_is_measured(tmp_path: Path) -> None:
    """Browsers record such WebM files."""
    media, _ = await rendition_of(make.without_duration(tmp_path / "source.webm"))
    assert media.duration_s == pytest.approx(2.0, abs=0.1)


async def test_sound_ends_where_a_truncated_file_ends(tmp_path: Path) -> None:
    """The rest of the stated duration is silence."""
    source = make.truncated(tmp_path / "source.mp4")
    media = await FFmpegTranscoder().probe(source)
    silences = await FFmpegTranscoder().extract_audio(source, tmp_path / "audio.ogg", media=media)
    assert silences[-1].end_s == pytest.approx(media.duration_s, abs=0.01)
    assert silences[-1].duration_s > 1


async def test_a_large_poster_is_made_smaller(tmp_path: Path) -> None:
    """At most 1280 pixels wide, with the aspect ratio of the video."""
    source = make.video(tmp_path / "source.mp4", duration_s=1, width=1920, height=1080, sound=None)
    media = await FFmpegTranscoder().probe(source)
    await FFmpegTranscoder().poster(source, tmp_path / "poster.jpg", media=media)
    stream = json.loads(described(tmp_path / "poster.jpg"))["streams"][0]
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("mjpeg", 1280, 720)


@pytest.mark.parametrize("script", [make.playlist, make.concatenation])
async def test_a_file_can_not_make_ffmpeg_open_another(tmp_path: Path, script: make.Script) -> None:
    """A playlist named .mp4 is no video."""
    other = make.video(tmp_path / "other.mp4", duration_s=1)
    assert await refusal_of(script(tmp_path / "source.mp4", other)) == "not_a_video"


@pytest.mark.any_ffmpeg
async def test_text_named_mp4_is_no_video(tmp_path: Path) -> None:
    """A container that is guessed from the file's name does not count."""
    assert await refusal_of(make.text(tmp_path / "source.mp4")) == "not_a_video"


async def test_a_picture_beyond_8k_is_refused_undecoded(tmp_path: Path) -> None:
    """Even if its container does not state the size."""
    assert await refusal_of(make.with_too_large_picture(tmp_path / "source.mov")) == "too_large_picture"


@pytest.mark.any_ffmpeg
@pytest.mark.parametrize(("count", "code"), [(150, "too_many_streams"), (300, "too_many_streams")])
async def test_too_many_streams_are_refused(tmp_path: Path, count: int, code: str) -> None:
    """The media policy gives the reason, as long as the streams can be counted."""
    assert await refusal_of(make.with_many_streams(tmp_path / "source.mp4", count)) == code


async def test_a_source_that_is_longer_than_it_says_is_cut_off(tmp_path: Path) -> None:
    """A wrong duration costs no more than the duration that was checked."""
    source = make.video(tmp_path / "source.mp4", duration_s=8, sound=None)
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    claimed = replace(media, duration_s=2.0)
    target = tmp_path / "rendition.mp4"
    await transcoder.compress(source, target, media=claimed, profile=PROFILE, on_progress=ignore)
    with pytest.raises(CompressionFailed):
        check_rendition(claimed, await transcoder.probe(target))


@pytest.mark.any_ffmpeg
async def test_a_stalled_run_has_failed(tmp_path: Path) -> None:
    """A run without progress for the stall limit is killed."""
    source = make.video(tmp_path / "source.mp4", duration_s=6, width=1280, height=720, sound=None)
    media = await FFmpegTranscoder().probe(source)
    transcoder = FFmpegTranscoder(stall_s=0.05)
    with pytest.raises(CompressionFailed, match="no more progress"):
        await transcoder.compress(source, tmp_path / "rendition.mp4", media=media, profile=SLOW, on_progress=ignore)


async def test_a_rendition_that_outgrows_its_source_fails(tmp_path: Path) -> None:
    """The error says that it is too large, although it is too short as well."""
    source = make.video(tmp_path / "source.mp4", duration_s=2, sound=None)
    media = replace(await FFmpegTranscoder().probe(source), size_bytes=0)
    transcoder = FFmpegTranscoder(slack_bytes=10_000)
    with pytest.raises(CompressionFailed, match="larger"):
        await transcoder.compress(source, tmp_path / "rendition.mp4", media=media, profile=PROFILE, on_progress=ignore)


@pytest.mark.any_ffmpeg
async def test_a_run_that_the_system_killed_is_retryable(tmp_path: Path) -> None:
    """The machine was short of memory, which says nothing about the file."""
    source = make.video(tmp_path / "source.mp4", duration_s=6, width=1280, height=720, sound=None)
    media = await FFmpegTranscoder().probe(source)

    def kill(_percent: float) -> None:
        for pid in pids_in(tmp_path):
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(Unavailable) as raised:
        await FFmpegTranscoder().compress(
            source, tmp_path / "rendition.mp4", media=media, profile=SLOW, on_progress=kill
        )
    assert raised.value.retryable


@pytest.mark.any_ffmpeg
async def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    """It says nothing about the file."""
    with pytest.raises(Unavailable):
        await FFmpegTranscoder().probe(tmp_path / "gone" / "source.mp4")


async def test_the_sample_becomes_smaller_and_has_speech(tmp_path: Path) -> None:
    """The clip of the demo shows the whole pipeline."""
    source = tmp_path / "source.mp4"
    source.write_bytes(SAMPLE.read_bytes())
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    silences = await transcoder.extract_audio(source, tmp_path / "audio.ogg", media=media)
    assert (media.width, media.height) == (1280, 720)
    assert 20 <= media.duration_s <= 25
    assert len(silences) == 6
