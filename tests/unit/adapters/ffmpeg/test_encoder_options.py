"""The encoder options for picture and sound."""

from dataclasses import replace

import pytest

from adapters.ffmpeg.encoder_options import audio_filter, audio_options, video_options
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.media_info import AudioTrack, MediaInfo

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)
AV1 = replace(PROFILE, codec=RenditionCodec.AV1, crf=35, preset="10")
MEDIA = MediaInfo("mov", 10.0, 1920, 1080, 25.0, "h264", "aac", 2, 1000, sound=AudioTrack(1, 2, 48_000))


def with_sound(channels: int, sample_rate_hz: int = 48_000, language: str | None = None, layout: str = "") -> MediaInfo:
    """A source with this sound track."""
    return replace(MEDIA, sound=AudioTrack(1, channels, sample_rate_hz, language, layout=layout))


def test_x264_makes_a_key_frame_every_two_seconds_of_time() -> None:
    """Scene changes add more."""
    coding = " ".join(video_options(MEDIA, PROFILE, threads=3))
    assert coding.startswith("-c:v libx264 -preset veryfast -crf 26 -profile:v high -level:v 3.1 -threads 3")
    assert coding.endswith("-force_key_frames expr:gte(t,n_forced*2)")


def test_av1_makes_key_frames_by_frame_count() -> None:
    """The interval is a number of frames, at least one."""
    assert video_options(MEDIA, AV1, threads=3) == [
        *("-c:v", "libsvtav1", "-preset", "10", "-crf", "35", "-g", "50"),
        *("-maxrate", "3233k", "-bufsize", "1616k", "-svtav1-params", "lp=3"),
    ]
    assert video_options(replace(MEDIA, frame_rate=60.0), AV1, threads=1)[7] == "60"
    assert video_options(replace(MEDIA, frame_rate=0.1), AV1, threads=1)[7] == "1"


def test_surround_sound_is_mixed_down_at_full_loudness() -> None:
    """The mix is in floating point, with a limiter for the peaks."""
    mixed = "aformat=sample_fmts=fltp:channel_layouts=stereo,alimiter=limit=0.84:level=false"
    for layout, channels in (("5.1", 6), ("5.1(side)", 6), ("7.1", 8), ("quad", 4), ("3.0", 3)):
        assert audio_filter(with_sound(channels, layout=layout)) == f"aresample=async=1:first_pts=0,{mixed}"
    assert audio_filter(with_sound(2)) == audio_filter(with_sound(1)) == "aresample=async=1:first_pts=0"
    assert audio_filter(with_sound(0)).endswith("aformat=sample_fmts=fltp:channel_layouts=stereo")


@pytest.mark.parametrize(("channels", "layout"), [(1, "mono"), (2, "stereo")])
def test_speex_gets_a_layout(channels: int, layout: str) -> None:
    """Its decoder states none, and the encoder refuses such frames."""
    media = replace(with_sound(channels), audio_codec="speex")
    assert audio_filter(media) == f"aresample=async=1:first_pts=0,aformat=channel_layouts={layout}"


def test_unusual_layouts_are_mixed_by_the_place_of_each_channel() -> None:
    """A name means nothing to a mix of channel numbers; a single channel needs no limiter."""
    renamed = "channelmap=map=0:channel_layout=mono"
    lone = f"aresample=async=1:first_pts=0,{renamed},aformat=sample_fmts=fltp,pan=mono|c0=1*c0"
    assert audio_filter(with_sound(1, layout="1 channels (LFE)")) == lone
    twice = audio_filter(with_sound(2, layout="2 channels (FC+FC)"))
    assert "channelmap=map=0|1:channel_layout=stereo," in twice
    ambisonic = audio_filter(with_sound(4, layout="ambisonic 1"))
    assert "pan=stereo|c0=0.7071*c0+0.7071*c1|c1=0.7071*c0-0.7071*c1,alimiter" in ambisonic
    assert audio_filter(with_sound(2, layout="stereo")) == audio_filter(with_sound(2))


def test_high_sample_rates_are_reduced() -> None:
    """At most 48,000 samples per second; lower rates stay."""
    assert audio_filter(with_sound(2, 192_000)) == "aresample=48000:async=1:first_pts=0"
    assert "44100" not in audio_filter(with_sound(2, 44_100))


def test_mono_takes_half_the_bits() -> None:
    """It has half the channels, and its loudness stays."""
    assert audio_options(with_sound(1), PROFILE)[:4] == ["-c:a", "aac", "-b:a", "48k"]
    assert audio_options(with_sound(2, layout="2 channels (FL+FC)"), PROFILE)[3] == "48k"
    assert audio_options(with_sound(6), PROFILE)[:4] == ["-c:a", "aac", "-b:a", "96k"]


def test_the_language_is_passed_on() -> None:
    """It is the only metadata of the sound that is kept."""
    assert audio_options(with_sound(2, language="deu"), PROFILE)[-2:] == ["-metadata:s:a:0", "language=deu"]
    assert "-metadata:s:a:0" not in audio_options(with_sound(2), PROFILE)
