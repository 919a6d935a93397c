"""The settings of compression, and the profile that follows from them."""

import re
from typing import get_args

import pytest

from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.output_profiles import OUTPUT_PROFILES
from entrypoints.config.compression import CompressionSettings
from entrypoints.config.loading import load_settings
from entrypoints.config.values import SettingsError


def problems(**environment: str) -> list[str]:
    """The problems of these settings."""
    with pytest.raises(SettingsError) as caught:
        load_settings({f"TELECINE_COMPRESSION_{name}": value for name, value in environment.items()})
    return caught.value.problems


def test_each_codec_has_its_own_defaults() -> None:
    """Used where the settings are unset."""
    assert CompressionSettings().profile == CompressionProfile(26, 720, 30.0, "veryfast", 128, RenditionCodec.H264)
    av1 = CompressionSettings(codec="av1").profile
    assert (av1.crf, av1.preset, av1.codec) == (40, "10", RenditionCodec.AV1)


def test_every_codec_can_be_chosen() -> None:
    """The setting names each output profile, and ffmpeg's table has an encoder for it."""
    choices = CompressionSettings.__annotations__["codec"].__origin__
    assert set(get_args(choices)) == set(OUTPUT_PROFILES) == set(VIDEO_ENCODERS) == set(RenditionCodec)


def test_the_descriptions_name_the_defaults() -> None:
    """The documentation is generated from them."""
    crf, preset = (CompressionSettings.__annotations__[name].__metadata__[0].description for name in ("crf", "preset"))
    for codec, defaults in OUTPUT_PROFILES.items():
        assert f"{defaults.crf} for {codec}" in crf
        assert f"`{defaults.preset}` for {codec}" in preset


def test_set_values_override_the_defaults() -> None:
    """For either codec."""
    chosen = {"CODEC": "av1", "CRF": "63", "PRESET": "0", "MAX_HEIGHT": "1080"}
    profile = load_settings({f"TELECINE_COMPRESSION_{name}": text for name, text in chosen.items()}).compression.profile
    assert (profile.crf, profile.preset, profile.max_height) == (63, "0", 1080)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"CODEC": "vp9"}, r"TELECINE_COMPRESSION_CODEC: Invalid enum value 'vp9'"),
        ({"PRESET": "10"}, r"TELECINE_COMPRESSION_PRESET: for h264 one of ultrafast, .*, veryslow is required"),
        ({"CODEC": "av1", "PRESET": "fast"}, r"TELECINE_COMPRESSION_PRESET: for av1 one of 0, .*, 13 is required"),
        ({"CRF": "52"}, r"TELECINE_COMPRESSION_CRF: for h264 at most 51"),
        ({"CODEC": "av1", "CRF": "64"}, r"TELECINE_COMPRESSION_CRF: Expected `int` <= 63"),
    ],
)
def test_a_value_that_the_codec_does_not_accept_is_an_error(environment: dict[str, str], problem: str) -> None:
    """It is reported at start-up, together with all other errors."""
    (found,) = problems(**environment)
    assert re.match(problem, found)
