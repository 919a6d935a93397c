"""Which audio track is found to be heard, by the real ffmpeg."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from adapters.ffmpeg.runner import Runner
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.media.media_info import MediaInfo
from tests.media import damaged, odd, sound, survey
from tests.media.tracks import LOUD, PCM, QUIET, SHORT, SILENT, with_sounds
from tests.unit.adapters.ffmpeg.film import loudness, made, rendition_of

pytestmark = pytest.mark.anyio

Film = Callable[[Path], Path]


def in_tta(target: Path) -> Path:
    """Sound in a codec that is not on the list."""
    return sound.with_tracks(target, ("-c:a", "tta"))


async def probed(path: Path) -> MediaInfo:
    """The media of a file."""
    return await FFmpegTranscoder().probe(path)


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("source.mkv", partial(sound.with_empty_track, sounds=0)),
        ("source.mp4", sound.with_empty_table),
        ("source.ts", sound.without_packets_of_sound),
    ],
)
async def test_an_empty_track_is_no_sound(tmp_path: Path, name: str, film: Film) -> None:
    """Nothing is lost without it."""
    media = await probed(film(tmp_path / name))
    assert (media.has_audio, media.lost_sound) == (False, None)


@pytest.mark.parametrize(
    ("name", "film", "codec"),
    [
        ("source.mp4", sound.with_undecodable_sound, "aac"),
        ("source.mkv", sound.with_unknown_codec, "an unknown codec"),
        ("source.mkv", in_tta, "tta"),
    ],
)
async def test_sound_that_can_not_be_decoded_is_lost(
    tmp_path: Path, name: str, film: Callable[..., Path], codec: str
) -> None:
    """The video is silent, and its original must be kept."""
    media = await probed(film(tmp_path / name))
    assert (media.has_audio, media.lost_sound) == (False, codec)


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("source.mkv", partial(sound.with_empty_track, sounds=1)),
        ("source.mp4", partial(sound.with_undecodable_sound, sounds=2)),
        ("source.mkv", partial(sound.with_unknown_codec, sounds=2)),
    ],
)
async def test_another_track_is_heard_instead(tmp_path: Path, name: str, film: Film) -> None:
    """If there is one that can be."""
    media = await probed(film(tmp_path / name))
    assert (media.audio_codec, media.sound.index, media.lost_sound) == ("aac", 2, None)


@pytest.mark.parametrize(
    ("name", "sounds", "indexes", "unused"),
    [
        ("source.mov", (LOUD, QUIET), (1, 2), ()),
        ("source.mov", (SILENT, LOUD), (2,), ()),
        ("source.mov", (LOUD, SILENT), (1,), ()),
        ("source.mov", (LOUD, SILENT, QUIET), (1, 3), ()),
        ("source.mov", (LOUD, QUIET, LOUD), (1, 2), (3,)),
        ("source.mkv", (LOUD, QUIET), (1,), ()),
        ("source.mkv", (SHORT, LOUD), (2,), ()),
    ],
)
async def test_of_microphones_two_are_heard(
    tmp_path: Path, name: str, sounds: tuple[str, ...], indexes: tuple[int, ...], unused: tuple[int, ...]
) -> None:
    """Those that are silent do not count; films have other tracks than cameras."""
    media = await probed(with_sounds(tmp_path / name, sounds, *PCM))
    assert (media.sound.indexes, media.unused_sounds) == (indexes, unused)


async def test_tracks_that_can_not_be_measured_keep_the_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be that they are audible."""
    monkeypatch.setattr(Runner, "audible_tracks", AsyncMock(return_value=None))
    media = await probed(with_sounds(tmp_path / "source.mov", (LOUD, QUIET), *PCM))
    assert (media.sound.indexes, media.unused_sounds) == ((1,), (2,))


async def test_two_microphones_become_stereo(tmp_path: Path) -> None:
    """Left and right, at their own loudness; a copy would have two tracks."""
    outcome = await rendition_of(with_sounds(tmp_path / "source.mov", (LOUD, QUIET), *PCM))
    assert (outcome.source.sound.channels, outcome.rendition.sound.channels) == (2, 2)
    left, right = ears(outcome.path)
    assert left - right == pytest.approx(20, abs=1)


@pytest.mark.parametrize("mark", [("-disposition:a:1", "comment"), ("-metadata:s:a:1", "language=fra")])
async def test_another_sound_does_not_hide_the_lost_one(tmp_path: Path, mark: tuple[str, ...]) -> None:
    """It is heard, and the original must be kept."""
    media = await probed(with_sounds(tmp_path / "source.mkv", (LOUD, LOUD), "-c:a:0", "tta", "-c:a:1", "aac", *mark))
    assert (media.sound.index, media.lost_sound) == (2, "tta")


async def test_a_false_edit_list_hides_no_sound(tmp_path: Path) -> None:
    """It claims that nothing of either track is shown."""
    media = await probed(survey.claiming(tmp_path / "source.mp4", ("elst",), lambda _: 0))
    assert (media.audio_codec, media.lost_sound) == ("aac", None)


async def test_missing_samples_are_lost_sound(tmp_path: Path) -> None:
    """The index states them, so the track is not empty."""
    source = odd.coded(tmp_path / "source.mp4", *odd.H264, *odd.AAC, "-movflags", "+faststart")
    content = source.read_bytes()
    source.write_bytes(content[: content.index(b"mdat") + 8])
    assert (await probed(source)).lost_sound == "aac"


async def test_the_sound_of_the_pictures_programme_is_heard(tmp_path: Path) -> None:
    """Not the first of the transport stream."""
    media = await probed(sound.with_programmes(tmp_path / "source.ts"))
    assert (media.sound.index, media.sound.language) == (2, "deu")


async def test_an_encrypted_file_is_not_decoded(tmp_path: Path) -> None:
    """It is refused for that reason."""
    with pytest.raises(Exception, match="encrypted"):
        await probed(odd.encrypted(tmp_path / "source.mp4"))


def ears(path: Path) -> tuple[float, float]:
    """The loudness of the left and of the right channel."""
    left, right = (
        loudness(path, "-af", f"aformat=channel_layouts=stereo,pan=mono|c0=c{place},ebur128=peak=true")[0]
        for place in (0, 1)
    )
    return left, right


@pytest.mark.parametrize(
    ("film", "channels"),
    [
        (partial(sound.in_layout, layout="FL", channels=1), 1),
        (partial(sound.in_layout, layout="LFE", channels=1), 1),
        (partial(sound.in_layout, layout="FL+FC", channels=2), 1),
        (partial(sound.in_layout, layout="FC+FC", channels=2), 2),
        (partial(sound.in_layout, layout=None, channels=9, audible=(8,)), 2),
        (partial(sound.in_layout, layout="22.2", channels=24, audible=(2,)), 2),
    ],
)
async def test_every_layout_is_heard_in_both_ears(tmp_path: Path, film: Film, channels: int) -> None:
    """With a tone of -17 dB, within 6 dB of it."""
    outcome = await rendition_of(film(tmp_path / "source.mov"))
    assert outcome.rendition.sound.channels == channels
    left, right = ears(outcome.path)
    assert left == pytest.approx(right, abs=0.5)
    assert -26 < left < -14


async def test_ambisonics_become_stereo(tmp_path: Path) -> None:
    """What comes from everywhere is heard alike in both ears."""
    outcome = await rendition_of(sound.in_ambisonics(tmp_path / "source.mkv", 9))
    left, right = ears(outcome.path)
    assert left == pytest.approx(right, abs=0.5)
    assert left > -30


async def test_channels_that_cancel_each_other_stay_stereo(tmp_path: Path) -> None:
    """Their mix would be silence."""
    outcome = await rendition_of(sound.cancelling(tmp_path / "source.mp4"))
    assert min(ears(outcome.path)) > -26


async def test_damage_after_the_beginning_says_nothing_about_the_sound(tmp_path: Path) -> None:
    """Only the first frames are decoded."""
    assert (await probed(damaged.holed(tmp_path / "source.mp4"))).has_audio


async def test_a_track_of_an_unsupported_codec_may_lie_beside(tmp_path: Path) -> None:
    """Also a picture that is never decoded, and an attachment."""
    beside = sound.with_second_picture(tmp_path / "source.mkv", "magicyuv")
    assert (await probed(beside)).video_codec == "h264"
    several = made(tmp_path / "several.mkv", "-i", str(beside), "-map", "0", "-map", "0:1", "-c", "copy")
    assert (await rendition_of(several)).rendition.stream_count == 2
