from dataclasses import replace

import pytest

from domain.model.media.compression_profile import RenditionCodec
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.remux_rules import can_remux, plays_everywhere, target_kbps
from tests.support.builders import a_media_info, a_profile

COMMON = VideoTrack(pixel_format="yuv420p")
STEREO = AudioTrack(channels=2, sample_rate_hz=48_000)
# 720p at 30 frames a second with 800 kbit/s.
SMALL = a_media_info(width=1280, height=720, size_bytes=1_000_000, picture=COMMON, sound=STEREO)
PROFILE = a_profile()


@pytest.mark.parametrize(
    "media",
    [
        SMALL,
        replace(SMALL, container="matroska", frame_rate=30.003),
        replace(SMALL, audio_codec=None, sound=AudioTrack()),
        replace(SMALL, sound=AudioTrack(channels=1, sample_rate_hz=8_000)),
        replace(SMALL, width=720, height=1280),
        replace(SMALL, picture=replace(COMMON, profile="Main"), sound=replace(STEREO, profile="HE-AAC")),
    ],
)
def test_a_source_that_meets_the_profile_is_not_encoded(media: MediaInfo) -> None:
    """The container does not matter, and sound is optional."""
    assert plays_everywhere(media)
    assert can_remux(media, PROFILE)


@pytest.mark.parametrize(
    "media",
    [
        replace(SMALL, video_codec="hevc"),
        replace(SMALL, audio_codec="opus"),
        replace(SMALL, picture=replace(COMMON, pixel_format="yuv420p10le")),
        replace(SMALL, picture=replace(COMMON, pixel_format="yuv444p")),
        replace(SMALL, picture=VideoTrack()),
        replace(SMALL, picture=replace(COMMON, profile="High 4:4:4 Predictive")),
        replace(SMALL, sound=replace(STEREO, profile="Main")),
        replace(SMALL, picture=replace(COMMON, is_interlaced=True)),
        replace(SMALL, picture=replace(COMMON, is_skewed=True)),
        replace(SMALL, picture=replace(COMMON, matrix="reserved")),
        replace(SMALL, picture=replace(COMMON, transfer="arib-std-b67")),
        replace(SMALL, sound=AudioTrack(channels=6, sample_rate_hz=48_000)),
        replace(SMALL, sound=AudioTrack(channels=2, sample_rate_hz=96_000)),
        replace(SMALL, sound=AudioTrack()),
        replace(SMALL, sound=replace(STEREO, right_index=2)),
    ],
)
def test_some_streams_do_not_play_everywhere(media: MediaInfo) -> None:
    """Other codecs and profiles, finer chroma, fields, HDR, more than stereo, or unknown properties."""
    assert not plays_everywhere(media)
    assert not can_remux(media, PROFILE)


@pytest.mark.parametrize(
    "media",
    [
        replace(SMALL, width=1920, height=1080),
        replace(SMALL, frame_rate=60.0),
        replace(SMALL, frame_rate=0.0),
        replace(SMALL, size_bytes=2_000_000),
        replace(SMALL, picture=replace(COMMON, is_turned=True)),
        replace(SMALL, picture=replace(COMMON, pixel_aspect=16 / 11)),
    ],
)
def test_some_streams_that_play_everywhere_do_not_meet_the_profile(media: MediaInfo) -> None:
    """They are too large in some way, or the player must rotate or stretch them."""
    assert plays_everywhere(media)
    assert not can_remux(media, PROFILE)


SOUND = replace(SMALL, video_codec=None, width=0, height=0, frame_rate=0.0, picture=VideoTrack(), size_bytes=120_000)


@pytest.mark.parametrize("media", [SOUND, replace(SOUND, container="aac"), replace(SOUND, size_bytes=150_000)])
def test_sound_alone_that_is_small_already_is_not_encoded(media: MediaInfo) -> None:
    """AAC with up to a quarter more bits than the profile's is copied."""
    assert plays_everywhere(media)
    assert can_remux(media, PROFILE)


@pytest.mark.parametrize(
    "media", [replace(SOUND, audio_codec="mp3"), replace(SOUND, size_bytes=151_000), replace(SOUND, sound=AudioTrack())]
)
def test_other_sound_alone_is_encoded(media: MediaInfo) -> None:
    """In another codec, of a high bit rate, or of unknown properties."""
    assert not can_remux(media, PROFILE)


def test_a_profile_aims_at_three_hundredths_of_a_bit_a_pixel() -> None:
    """This is for 720p and CRF 26; the sound is added."""
    silent = replace(SMALL, audio_codec=None)
    assert target_kbps(silent, PROFILE) == pytest.approx(829.44)
    assert target_kbps(SMALL, PROFILE) == pytest.approx(829.44 + 96)
    assert target_kbps(silent, replace(PROFILE, crf=20)) == pytest.approx(2 * 829.44)
    assert target_kbps(silent, replace(PROFILE, codec=RenditionCodec.AV1, crf=49)) == pytest.approx(829.44 / 2)


def test_twice_the_pixels_take_less_than_twice_the_bits() -> None:
    """Frames that will be dropped take no bits."""
    silent = replace(SMALL, audio_codec=None)
    assert target_kbps(replace(silent, width=2560), PROFILE) == pytest.approx(829.44 * 2**0.75)
    assert target_kbps(replace(silent, frame_rate=60.0), PROFILE) == target_kbps(silent, PROFILE)
