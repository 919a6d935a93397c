import pytest

from domain.model.media.media_info import AudioTrack, MediaInfo
from domain.model.media.sound_bit_rate import sound_kbps
from tests.support.builders import a_media_info, a_profile

PROFILE = a_profile(audio_bitrate_kbps=128)
STEREO, MONO = AudioTrack(channels=2), AudioTrack(channels=1)


def sound_of(kbps: float, codec: str = "mp3", track: AudioTrack = STEREO) -> MediaInfo:
    """Ten seconds of sound alone."""
    return a_media_info(video_codec=None, audio_codec=codec, size_bytes=int(kbps * 1250), sound=track)


@pytest.mark.parametrize(("track", "kbps"), [(STEREO, 128), (MONO, 64), (AudioTrack(channels=6), 128)])
def test_mono_gets_half_the_bits(track: AudioTrack, kbps: int) -> None:
    """The sound of a video does not depend on the size of its file."""
    assert sound_kbps(a_media_info(size_bytes=1000, sound=track), PROFILE) == kbps
    assert sound_kbps(sound_of(320, track=track), PROFILE) == kbps


def test_sound_alone_gets_no_more_bits_than_its_source_has() -> None:
    """But enough to be understood."""
    assert sound_kbps(sound_of(96), PROFILE) == 96
    assert sound_kbps(sound_of(96, track=MONO), PROFILE) == 64
    assert sound_kbps(sound_of(8), PROFILE) == 32


@pytest.mark.parametrize("codec", ["opus", "vorbis", "flac", "pcm_s16le"])
def test_other_codecs_need_more_bits_in_aac(codec: str) -> None:
    """Newer ones are more efficient; lossless ones have few bits only where there is little to hear."""
    assert sound_kbps(sound_of(24, codec), PROFILE) == 128
