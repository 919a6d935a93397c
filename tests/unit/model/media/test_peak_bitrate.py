"""The highest bit rate of a rendition."""

from dataclasses import replace

import pytest

from domain.model.media.compression_profile import RenditionCodec
from domain.model.media.peak_bitrate import peak_kbps
from tests.support.builders import a_media_info, a_profile

PROFILE = a_profile()


def test_a_phone_with_3_mbits_plays_720p() -> None:
    """Also for the time that its buffer lasts, with sound."""
    assert peak_kbps(a_media_info(), PROFILE) == 2200
    assert peak_kbps(a_media_info(width=3840, height=2160), PROFILE) == 2200


@pytest.mark.parametrize(
    ("width", "height", "frame_rate", "expected"),
    [(1280, 720, 1.0, 2200), (640, 360, 30.0, 800), (64, 48, 30.0, 800), (854, 480, 30.0, 1198)],
)
def test_it_follows_the_size_and_not_a_low_rate(width: int, height: int, frame_rate: float, expected: int) -> None:
    """A slide needs as many bits, however seldom it changes."""
    assert peak_kbps(a_media_info(width=width, height=height, frame_rate=frame_rate), PROFILE) == pytest.approx(
        expected, abs=2
    )


def test_it_follows_the_quality() -> None:
    """Six steps of CRF double it with H.264, nine with AV1."""
    assert peak_kbps(a_media_info(), replace(PROFILE, crf=20)) == 4400
    assert peak_kbps(a_media_info(), replace(PROFILE, codec=RenditionCodec.AV1, crf=49)) == 1100
