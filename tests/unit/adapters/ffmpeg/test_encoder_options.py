"""The encoder options for picture and sound."""

from dataclasses import replace

from adapters.ffmpeg.encoder_options import audio_filter, audio_options, video_options
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.media_info import AudioTrack, MediaInfo

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="veryfast", audio_bitrate_kbps=96)
AV1 = replace(PROFILE, codec=RenditionCodec.AV1, crf=35, preset="10")
MEDIA = MediaInfo("mov", 10.0, 1920, 1080, 25.0, "h264", "aac", 2, 1000, sound=AudioTrack(1, 2, 48_000))


def with_sound(channels: int, sample_rate_hz: int = 48_000, language: str | None = None) -> MediaInfo:
    """A source with this sound track."""
    return replace(MEDIA, sound=AudioTrack(1, channels, sample_rate_hz, language))


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
    assert audio_filter(with_sound(6)) == f"aresample=async=1:first_pts=0,{mixed}"
    assert audio_filter(with_sound(2)) == audio_filter(with_sound(1)) == "aresample=async=1:first_pts=0"
    assert audio_filter(with_sound(0)).endswith("aformat=sample_fmts=fltp:channel_layouts=stereo")


def test_high_sample_rates_are_reduced() -> None:
    """At most 48,000 samples per second; lower rates stay."""
    assert audio_filter(with_sound(2, 192_000)) == "aresample=48000:async=1:first_pts=0"
    assert "44100" not in audio_filter(with_sound(2, 44_100))


def test_mono_takes_half_the_bits() -> None:
    """It has half the channels, and its loudness stays."""
    assert audio_options(with_sound(1), PROFILE)[:4] == ["-c:a", "aac", "-b:a", "48k"]
    assert audio_options(with_sound(6), PROFILE)[:4] == ["-c:a", "aac", "-b:a", "96k"]


def test_the_language_is_passed_on() -> None:
    """It is the only metadata of the sound that is kept."""
    assert audio_options(with_sound(2, language="deu"), PROFILE)[-2:] == ["-metadata:s:a:0", "language=deu"]
    assert "-metadata:s:a:0" not in audio_options(with_sound(2), PROFILE)
