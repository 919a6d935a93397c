"""Containers as ffmpeg writes them, recognised by their first bytes."""

from pathlib import Path

import pytest

from domain.model.uploads.container_sniffing import SNIFF_BYTES, Container, sniff
from domain.model.uploads.media_types import DEFAULT_CONTENT_TYPES
from tests.media import make

BY_EXTENSION = {
    ".mp4": Container.ISO_BMFF,
    ".m4v": Container.ISO_BMFF,
    ".mov": Container.ISO_BMFF,
    ".3gp": Container.ISO_BMFF,
    ".mkv": Container.MATROSKA,
    ".webm": Container.MATROSKA,
    ".avi": Container.AVI,
    ".mpg": Container.MPEG_PROGRAM,
    ".mpeg": Container.MPEG_PROGRAM,
    ".ts": Container.MPEG_TRANSPORT,
    ".flv": Container.FLV,
    ".ogv": Container.OGG,
}
VARIANTS = [
    (".mp4", ("-movflags", "+faststart")),
    (".mp4", ("-movflags", "frag_keyframe+empty_moov")),
    (".mp4", ("-f", "ismv")),
    (".mov", ("-c:v", "mjpeg")),
    (".mkv", ("-cluster_size_limit", "1000", "-reserve_index_space", "4096")),
    (".ts", ("-mpegts_m2ts_mode", "1")),
    (".mpg", ("-f", "vob")),
    (".mpeg", ("-f", "dvd")),
]


def first_bytes(file: Path, start: int = 0) -> bytes:
    """The first bytes that would be read if the file began at this offset."""
    return file.read_bytes()[start : start + SNIFF_BYTES]


def test_every_extension_that_may_be_uploaded_is_tried() -> None:
    """The policy and this table have the same extensions."""
    assert BY_EXTENSION.keys() == DEFAULT_CONTENT_TYPES.keys()


@pytest.mark.parametrize(("extension", "container"), BY_EXTENSION.items())
def test_a_real_file_is_known(tmp_path: Path, extension: str, container: Container) -> None:
    """In each container that may be uploaded."""
    assert sniff(first_bytes(make.video(tmp_path / f"video{extension}", duration_s=1, sound="silence"))) is container


@pytest.mark.parametrize(("extension", "options"), VARIANTS)
def test_a_file_of_another_muxer_is_known(tmp_path: Path, extension: str, options: tuple[str, ...]) -> None:
    """Muxers write the same container in several layouts."""
    video = make.video(tmp_path / f"video{extension}", duration_s=1, sound="silence", options=options)
    assert sniff(first_bytes(video)) is BY_EXTENSION[extension]


def test_a_browser_recording_is_known(tmp_path: Path) -> None:
    """Its muxer could not go back to write sizes."""
    assert sniff(first_bytes(make.without_duration(tmp_path / "video.webm"))) is Container.MATROSKA


@pytest.mark.parametrize("codec", ["mpeg1video", "mpeg2video"])
def test_bare_video_is_not_known(tmp_path: Path, codec: str) -> None:
    """It has the same extensions, but neither timestamps nor a duration."""
    video = make.video(tmp_path / "video.mpg", duration_s=1, sound=None)
    bare = make.ffmpeg(tmp_path / "bare.mpg", "-i", str(video), "-c:v", codec, "-f", codec)
    assert sniff(first_bytes(bare)) is None


@pytest.mark.parametrize("mode", ["0", "1"])
def test_a_real_broadcast_is_known_wherever_it_begins(tmp_path: Path, mode: str) -> None:
    """Within a packet and between two, over the first dozen packets."""
    video = make.video(tmp_path / "video.ts", duration_s=1, options=("-mpegts_m2ts_mode", mode))
    assert {sniff(first_bytes(video, start)) for start in range(12 * 192)} == {Container.MPEG_TRANSPORT}


@pytest.mark.parametrize("name", ["picture.gif", "picture.png", "picture.jpg", "sound.mp3", "sound.wav"])
def test_a_real_picture_or_sound_is_not_known(tmp_path: Path, name: str) -> None:
    """Whatever filename it is uploaded with."""
    source = ["testsrc2=d=0.04", "-update", "1"] if name.startswith("picture") else ["sine=d=1"]
    assert sniff(first_bytes(make.ffmpeg(tmp_path / name, "-f", "lavfi", "-i", *source))) is None


def test_text_is_not_known(tmp_path: Path) -> None:
    """Plain text, and playlists."""
    words = make.text(tmp_path / "words.mp4")
    texts = [words, make.playlist(tmp_path / "list.ts", words), make.concatenation(tmp_path / "list.mkv", words)]
    assert [sniff(first_bytes(text)) for text in texts] == [None, None, None]
