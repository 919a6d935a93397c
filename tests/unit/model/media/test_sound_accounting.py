from dataclasses import replace

import pytest

from domain.model.errors import CompressionFailed
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import AudioTrack, MediaInfo
from domain.model.media.packet_survey import PacketSurvey
from domain.model.media.sound_accounting import check_sound_alone
from tests.support.builders import a_media_info

RATE_HZ = 48_000
SOUND = a_media_info(video_codec=None, container="flac", sound=AudioTrack(sample_rate_hz=RATE_HZ))
PAUSING = replace(SOUND, container="matroska")


def code_of(media: MediaInfo, decoded_s: float | None, decode_errors: int = 0) -> str:
    """The code with which the rendition is refused, empty if it is accepted."""
    samples = None if decoded_s is None else round(decoded_s * RATE_HZ)
    try:
        check_sound_alone(media, DecodingReport(decode_errors, decoded_samples=samples))
    except CompressionFailed as error:
        return error.code
    return ""


@pytest.mark.parametrize("decoded_s", [9.6, 10.0, 11.0, None])
def test_sound_without_a_hole_is_accepted(decoded_s: float | None) -> None:
    """Also if the samples were not counted; the tolerance is that of the duration."""
    assert code_of(SOUND, decoded_s) == ""


def test_a_hole_is_damage_where_samples_follow_each_other() -> None:
    """Even without a decode error."""
    assert code_of(SOUND, 9.0) == "source_damaged"
    assert code_of(replace(SOUND, sound=AudioTrack()), 9.0) == ""
    assert code_of(replace(SOUND, video_codec="h264"), 9.0) == ""


def test_a_recording_may_pause_where_packets_have_times() -> None:
    """Unless something could not be decoded."""
    assert code_of(PAUSING, 5.0) == ""
    assert code_of(PAUSING, 5.0, decode_errors=1) == "source_damaged"


def test_a_wave_that_ends_before_its_header_states_is_cut() -> None:
    """Its duration is known only from the samples that are left."""
    wave = replace(SOUND, container="wav", packets=PacketSurvey(is_cut=True))
    assert code_of(wave, 10.0) == "source_truncated"
    assert code_of(replace(wave, packets=PacketSurvey(is_cut=False)), 10.0) == ""
    assert code_of(replace(wave, packets=None), 10.0) == ""
