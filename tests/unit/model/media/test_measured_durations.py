"""Stated durations against those of the packets."""

import math
from dataclasses import replace

import pytest

from domain.model.media.measured_durations import with_measured_durations
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey, TrackPackets, UnusedBytes, UnusedKind
from tests.support.builders import a_media_info

PICTURE = TrackPackets(0, 100, 0.0, 4.0)
WHOLE = PacketSurvey((PICTURE, TrackPackets(1, 170, 0.0, 3.9)), is_cut=False)
CUT = replace(WHOLE, is_cut=True)


def stating(
    duration_s: float,
    *,
    picture_s: float | None = None,
    sound_s: float | None = None,
    container: str = "mov",
    frame_count: int | None = None,
) -> MediaInfo:
    """A file that states these durations."""
    return a_media_info(
        container=container,
        duration_s=duration_s,
        picture=VideoTrack(duration_s=picture_s, frame_count=frame_count),
        sound=AudioTrack(duration_s=sound_s),
    )


def durations(media: MediaInfo, survey: PacketSurvey = WHOLE) -> tuple[float, float | None, float | None]:
    """The durations of the file, its picture and its sound."""
    result = with_measured_durations(media, survey)
    return result.duration_s, result.picture.duration_s, result.sound.duration_s


@pytest.mark.parametrize("claim_s", [0.0, 2.0, 8.0, 4_294_967.0, -5.0, math.nan, math.inf])
def test_a_false_claim_is_replaced(claim_s: float) -> None:
    """Of the file and of each track."""
    assert durations(stating(claim_s, picture_s=claim_s, sound_s=claim_s)) == (4.0, 4.0, 3.9)


def test_a_claim_within_the_tolerance_stays() -> None:
    """A header is more precise than the times of packets."""
    assert durations(stating(4.02, picture_s=3.96, sound_s=4.1)) == (4.02, 3.96, 4.1)


def test_tracks_that_state_nothing_are_measured() -> None:
    """As in a recording of a browser."""
    assert durations(stating(4.0, container="matroska")) == (4.0, 4.0, 3.9)


def test_the_claim_of_a_cut_file_stays() -> None:
    """Its rendition is too short, so the original is kept; a claim shorter than the packets is false anyway."""
    assert durations(stating(8.0, picture_s=8.0, sound_s=8.0), CUT) == (8.0, 8.0, 8.0)
    assert durations(stating(2.0, picture_s=2.0), CUT) == (4.0, 4.0, None)


@pytest.mark.parametrize(
    "survey",
    [replace(WHOLE, is_cut=None), replace(WHOLE, unused=UnusedBytes(10, 10**6, UnusedKind.PADDING))],
)
def test_the_claim_of_a_file_that_may_be_cut_stays(survey: PacketSurvey) -> None:
    """Its container does not say where it ends, or zeros fill a large part of it."""
    assert durations(stating(8.0), survey)[0] == 8.0


@pytest.mark.parametrize("container", ["mpegts", "mpeg", "ogg"])
def test_an_estimate_is_no_claim(container: str) -> None:
    """These containers state no duration; ffmpeg estimates it."""
    assert durations(stating(8.0, picture_s=8.0, container=container), replace(WHOLE, is_cut=None))[:2] == (4.0, 4.0)


@pytest.mark.parametrize(("frame_count", "duration_s"), [(200, 8.0), (103, 4.0), (None, 4.0)])
def test_an_index_with_more_frames_belongs_to_a_longer_file(frame_count: int | None, duration_s: float) -> None:
    """An MP4 whose media ends at a box boundary."""
    assert durations(stating(8.0, frame_count=frame_count))[0] == duration_s


def test_nothing_is_measured_without_packets_of_the_picture() -> None:
    """The claims stay, and the encode fails."""
    assert durations(stating(8.0), PacketSurvey(is_cut=False)) == (8.0, None, None)
    assert durations(stating(8.0), replace(WHOLE, is_complete=False)) == (8.0, None, None)


def test_packets_that_were_read_in_part_give_a_duration_that_is_missing() -> None:
    """Otherwise a file without a stated duration is refused instead of kept."""
    assert durations(stating(0.0), replace(WHOLE, is_complete=False)) == (4.0, None, None)


def test_a_silent_file_has_no_sound_to_measure() -> None:
    """The track that is not there has no packets."""
    assert durations(stating(4.0), PacketSurvey((PICTURE,), is_cut=False)) == (4.0, 4.0, 0.0)


HELD = PacketSurvey((replace(PICTURE, end_s=14.0, last_s=3.9, held_s=10.0),), is_cut=False)


def test_a_held_frame_is_confirmed_by_the_file_or_by_another_track() -> None:
    """It is part of the recording."""
    assert durations(stating(14.0, picture_s=14.0), HELD)[:2] == (14.0, 14.0)
    with_sound = replace(HELD, tracks=(*HELD.tracks, TrackPackets(1, 600, 0.0, 13.9)))
    assert durations(stating(2.0), with_sound)[:2] == (14.0, 14.0)


def test_a_held_frame_that_nothing_confirms_is_a_false_entry() -> None:
    """The last entry of an index may be arbitrary."""
    media = with_measured_durations(stating(4.0, picture_s=4.0), HELD)
    assert media.picture_packets is not None
    assert (media.duration_s, media.picture_packets.held_s) == (4.0, 0.0)


def test_matroska_states_a_held_frame_twice() -> None:
    """In the header and in a tag of the track; either of them alone is a false claim."""
    silent = PacketSurvey((replace(PICTURE, last_s=3.9),), is_cut=False)
    media = with_measured_durations(stating(12.0, picture_s=12.0, container="matroska"), silent)
    assert media.picture_packets is not None
    assert (media.duration_s, media.picture_packets.held_s) == (12.0, 8.0)
    assert durations(stating(12.0, picture_s=4.0, container="matroska"), silent)[:2] == (4.0, 4.0)
    assert durations(stating(4.0, picture_s=12.0, container="matroska"), silent)[:2] == (4.0, 4.0)
    assert durations(stating(12.0, picture_s=12.0), silent)[:2] == (4.0, 4.0)


def sound_alone(duration_s: float, container: str, *, is_cut: bool | None) -> float | None:
    """The measured duration of the sound in a file of 4 s without a picture, whose only track has the index 0."""
    stated = replace(stating(duration_s, sound_s=duration_s, container=container), video_codec=None)
    stated = replace(stated, sound=replace(stated.sound, index=0))
    media = with_measured_durations(stated, PacketSurvey((PICTURE,), is_cut=is_cut))
    assert media.picture == stated.picture
    assert media.duration_s == media.sound.duration_s
    return media.sound.duration_s


def test_sound_alone_is_measured_by_its_own_packets() -> None:
    """A whole file, and one of estimated duration, are as long as their packets; another may be cut."""
    assert sound_alone(8.0, "mov", is_cut=False) == 4.0
    assert sound_alone(8.0, "aac", is_cut=None) == 4.0
    assert sound_alone(8.0, "flac", is_cut=None) == 8.0
    assert sound_alone(2.0, "flac", is_cut=None) == 4.0


def test_a_track_that_the_file_does_not_have_is_not_measured() -> None:
    """A video without an audio track."""
    mute = replace(stating(4.0, picture_s=4.0), audio_codec=None)
    assert durations(mute, PacketSurvey((PICTURE,), is_cut=False)) == (4.0, 4.0, None)
