"""What a rendition must account for."""

from dataclasses import replace

import pytest

from domain.model.errors import CompressionFailed
from domain.model.media.accounting import check_accounted
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets, UnusedBytes, UnusedKind
from tests.support.builders import a_media_info

PICTURE, SOUND = TrackPackets(0, 250, 0.0, 10.0), TrackPackets(1, 430, 0.0, 10.0)
SURVEY = PacketSurvey((PICTURE, SOUND), is_cut=False)
SOURCE = a_media_info(frame_rate=25.0, packets=SURVEY, size_bytes=6_200_000)
INTACT = DecodingReport(0)


def rendition(frame_count: int | None = 250) -> MediaInfo:
    """A rendition of the whole length with this number of frames."""
    return a_media_info(frame_rate=25.0, picture=VideoTrack(duration_s=10.0, frame_count=frame_count))


def refusal(source: MediaInfo, made: MediaInfo | None = None, report: DecodingReport = INTACT) -> CompressionFailed:
    """The error of the check."""
    with pytest.raises(CompressionFailed) as raised:
        check_accounted(source, rendition() if made is None else made, report, max_frame_rate=30.0)
    return raised.value


def unused(size_bytes: int, kind: UnusedKind) -> MediaInfo:
    """A source whose last bytes are not used."""
    rest = UnusedBytes(6_200_000 - size_bytes, size_bytes, kind)
    return replace(SOURCE, packets=replace(SURVEY, unused=rest))


@pytest.mark.parametrize(
    "source", [SOURCE, replace(SOURCE, packets=None), unused(3_100_000, UnusedKind.PADDING)], ids=str
)
def test_a_rendition_of_the_whole_file_is_accepted(source: MediaInfo) -> None:
    """Padding is no part of the recording; a file of our own needs no survey."""
    check_accounted(source, rendition(), INTACT, max_frame_rate=30.0)


def test_a_further_recording_is_named_with_its_place() -> None:
    """The client learns how much of the file is used."""
    error = refusal(unused(3_100_000, UnusedKind.RECORDING))
    assert error.code == "source_partly_used"
    assert error.detail == "The file contains another recording at 3.1 MB; 3.1 MB of 6.2 MB could be used."


def test_unknown_bytes_are_named_with_their_size() -> None:
    """Small sizes are in kilobytes."""
    error = refusal(unused(620_000, UnusedKind.DATA))
    assert error.code == "source_partly_used"
    assert error.detail == "There is no picture or sound in 620.0 kB at 5.6 MB; 5.6 MB of 6.2 MB could be used."


def test_packets_that_are_not_decoded_are_counted() -> None:
    """The first packets of a further recording."""
    lost = replace(SURVEY, tracks=(replace(PICTURE, lost_count=10), replace(SOUND, lost_count=20)))
    error = refusal(replace(SOURCE, packets=lost))
    assert (error.code, "30 packets" in error.detail) == ("source_partly_used", True)


def test_without_a_complete_survey_the_original_is_kept() -> None:
    """It is not known what the file holds behind the place where it could be read to."""
    assert refusal(replace(SOURCE, packets=replace(SURVEY, is_complete=False))).code == "source_partly_used"


def test_missing_frames_are_counted() -> None:
    """The rendition may have the whole length."""
    error = refusal(SOURCE, rendition(200))
    assert (error.code, error.detail) == ("source_partly_used", "Only 200 of 250 frames could be used.")
    check_accounted(SOURCE, rendition(240), INTACT, max_frame_rate=30.0)


def test_decoded_frames_count_more_than_packets() -> None:
    """A packet may have several frames, or none that is shown."""
    check_accounted(SOURCE, rendition(200), DecodingReport(0, 205), max_frame_rate=30.0)
    assert refusal(SOURCE, rendition(), DecodingReport(0, 400)).code == "source_partly_used"


def test_missing_frames_are_counted_behind_a_limit_of_the_rate() -> None:
    """Of 60 frames per second, 30 are shown; a file that states too few frames is no reason to expect more."""
    source = replace(SOURCE, frame_rate=60.0)
    check_accounted(source, rendition(300), DecodingReport(0, 600), max_frame_rate=30.0)
    check_accounted(source, rendition(300), DecodingReport(0, 1200), max_frame_rate=30.0)
    error = refusal(source, rendition(200), DecodingReport(0, 600))
    assert (error.code, error.detail) == ("source_partly_used", "Only 200 of 300 frames could be used.")


@pytest.mark.parametrize(
    ("source", "made"),
    [
        (replace(SOURCE, frame_rate=60.0), rendition(200)),
        (replace(SOURCE, video_codec="vp8"), rendition(200)),
        (replace(SOURCE, picture=VideoTrack(is_interlaced=True)), rendition(200)),
        (replace(SOURCE, packets=PacketSurvey()), rendition(200)),
        (replace(SOURCE, packets=replace(SURVEY, tracks=(replace(PICTURE, packet_count=500),))), rendition()),
        (SOURCE, rendition(None)),
        (SOURCE, replace(rendition(200), video_codec="av1")),
    ],
)
def test_frames_are_not_counted_where_their_number_may_differ(source: MediaInfo, made: MediaInfo) -> None:
    """Above the cap, with invisible frames or fields, at a constant rate, or without a number."""
    check_accounted(source, made, INTACT, max_frame_rate=30.0)


def test_length_and_damage_are_part_of_the_account() -> None:
    """One check decides about the original."""
    assert refusal(SOURCE, replace(rendition(), duration_s=5.0)).code == "source_truncated"
    assert refusal(SOURCE, report=DecodingReport(5)).code == "source_damaged"
