"""Containers as ffmpeg writes them, recognised by their first bytes."""

from pathlib import Path

import pytest

from domain.model.uploads.container_sniffing import SNIFF_BYTES, Container, sniff
from domain.model.uploads.media_types import DEFAULT_CONTENT_TYPES
from tests.media import make, names

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
BY_NAME = {
    "avchd.mts": Container.MPEG_TRANSPORT,
    "disc.m2ts": Container.MPEG_TRANSPORT,
    "hdv.m2t": Container.MPEG_TRANSPORT,
    "camera.tod": Container.MPEG_TRANSPORT,
    "disc.vob": Container.MPEG_PROGRAM,
    "camera.mod": Container.MPEG_PROGRAM,
    "phone.3g2": Container.ISO_BMFF,
    "camera.qt": Container.ISO_BMFF,
    "flash.f4v": Container.ISO_BMFF,
    "film.divx": Container.AVI,
    "broadcast.mxf": Container.MXF,
    "windows.wmv": Container.ASF,
    "windows.asf": Container.ASF,
    "pal.dv": Container.DV,
    "ntsc.dv": Container.DV,
    "song.mp3": Container.MPEG_AUDIO,
    "song.mp2": Container.MPEG_AUDIO,
    "book.m4a": Container.ISO_BMFF,
    "stream.aac": Container.ADTS,
    "take.wav": Container.WAV,
    "long.wav": Container.WAV,
    "take.w64": Container.WAV,
    "album.flac": Container.FLAC,
    "song.ogg": Container.OGG,
    "song.oga": Container.OGG,
    "voice.opus": Container.OGG,
    "voice.spx": Container.OGG,
    "song.wma": Container.ASF,
    "take.aiff": Container.AIFF,
    "take.aif": Container.AIFF,
    "memo.caf": Container.CAF,
    "song.mka": Container.MATROSKA,
    "voice.weba": Container.MATROSKA,
    "track.ac3": Container.AC3,
    "track.eac3": Container.AC3,
    "voice.amr": Container.AMR,
    "wide.amr": Container.AMR,
}
# Other extensions of containers that are tried under their usual one.
SYNONYMS = {".3gpp", ".mpe", ".trp", ".ogm", ".m4b", ".aifc"}
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
    tried = BY_EXTENSION.keys() | {Path(name).suffix for name in BY_NAME}
    assert tried | SYNONYMS == DEFAULT_CONTENT_TYPES.keys()
    assert not tried & SYNONYMS


@pytest.mark.parametrize(("extension", "container"), BY_EXTENSION.items())
def test_a_real_file_is_known(tmp_path: Path, extension: str, container: Container) -> None:
    """In each container that may be uploaded."""
    assert sniff(first_bytes(make.video(tmp_path / f"video{extension}", duration_s=1, sound="silence"))) is container


@pytest.mark.parametrize(("name", "container"), BY_NAME.items())
def test_a_file_of_a_camera_a_disc_or_a_recorder_is_known(tmp_path: Path, name: str, container: Container) -> None:
    """As ffmpeg writes its container."""
    assert sniff(first_bytes(names.named(tmp_path / name))) is container


def test_a_song_with_a_large_cover_is_known(tmp_path: Path) -> None:
    """Its tag is longer than the bytes that are read."""
    cover = make.encoded(tmp_path / "cover.png", ["testsrc2=s=400x400:d=0.04"], ["-frames:v", "1", "-update", "1"])
    plain = names.named(tmp_path / "song.mp3")
    song = make.ffmpeg(
        tmp_path / "covered.mp3", "-i", str(plain), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy"
    )
    assert cover.stat().st_size > SNIFF_BYTES
    assert sniff(first_bytes(song)) is Container.MPEG_AUDIO


@pytest.mark.parametrize("start", [100, 1000, 3000])
def test_a_real_disc_is_known_from_the_middle(tmp_path: Path, start: int) -> None:
    """A recording may begin within a pack."""
    assert sniff(first_bytes(names.named(tmp_path / "disc.vob"), start)) is Container.MPEG_PROGRAM


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


@pytest.mark.parametrize("kind", ["gif", "png", "jpg", "bmp", "tiff", "webp"])
def test_a_real_picture_is_not_known(tmp_path: Path, kind: str) -> None:
    """Whatever filename it is uploaded with."""
    options = ["-frames:v", "1", "-update", "1"] if kind != "gif" else ["-frames:v", "1"]
    assert sniff(first_bytes(make.encoded(tmp_path / f"picture.{kind}", ["testsrc2=d=0.04"], options))) is None


def test_text_is_not_known(tmp_path: Path) -> None:
    """Plain text, and playlists."""
    words = make.text(tmp_path / "words.mp4")
    texts = [words, make.playlist(tmp_path / "list.ts", words), make.concatenation(tmp_path / "list.mkv", words)]
    assert [sniff(first_bytes(text)) for text in texts] == [None, None, None]
