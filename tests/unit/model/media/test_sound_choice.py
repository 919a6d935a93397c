"""Which of several audio tracks plays."""

from dataclasses import replace
from itertools import permutations

import pytest

from domain.model.media.sound_choice import (
    AudioCandidate,
    SoundChoice,
    by_preference,
    choice,
    is_missed,
    names_auxiliary_sound,
    rivals,
)


def test_each_property_counts_more_than_the_next() -> None:
    """Decodable, beside the picture, for everyone, default; and the order in the file."""
    ranked = [
        AudioCandidate(1, is_default=True),
        AudioCandidate(2),
        AudioCandidate(3, is_auxiliary=True, is_default=True),
        AudioCandidate(4, is_beside_picture=False, is_default=True),
        AudioCandidate(5, is_decodable=False, is_default=True),
    ]
    for candidates in permutations(ranked):
        assert by_preference(candidates) == ranked


def test_a_track_that_lasts_is_preferred_to_a_default_one() -> None:
    """Half of the film is enough; a track of unknown length is taken to last."""
    short, long = AudioCandidate(1, is_default=True, sounding_s=49.0), AudioCandidate(2, sounding_s=50.0)
    assert by_preference([short, long], duration_s=100.0) == [long, short]
    assert by_preference([short, long], duration_s=90.0) == [short, long]
    assert by_preference([short, AudioCandidate(2)], duration_s=100.0)[0].index == 2


def test_of_equal_tracks_the_first_is_preferred() -> None:
    """As players do."""
    tracks = [AudioCandidate(index) for index in (7, 3, 5)]
    assert by_preference(tracks) == tracks


@pytest.mark.parametrize(
    "title",
    [
        "Commentary",
        "Director's commentary",
        "Audio Description",
        "Audiodeskription (H\u00f6rfilm)",
        "KARAOKE",
        "Descriptive",
    ],
)
def test_a_title_may_say_that_a_track_is_for_some(title: str) -> None:
    """In the languages of most discs."""
    assert names_auxiliary_sound(title)


@pytest.mark.parametrize("title", ["", "Stereo", "English 5.1", "SoundHandler"])
def test_most_titles_say_nothing(title: str) -> None:
    """And the track plays."""
    assert not names_auxiliary_sound(title)


LOST = AudioCandidate(1, is_decodable=False, is_default=True)
HEARD = AudioCandidate(2, codec="aac", channels=2, sample_rate_hz=48_000, sounding_s=60.0)
MONO = replace(HEARD, channels=1)


@pytest.mark.parametrize(
    "heard",
    [
        AudioCandidate(2, is_auxiliary=True),
        AudioCandidate(2, is_beside_picture=False),
        AudioCandidate(2, language="fra"),
        AudioCandidate(2, title="Stereo"),
        AudioCandidate(0, language="fra"),
    ],
)
def test_another_sound_does_not_replace_a_lost_one(heard: AudioCandidate) -> None:
    """The file says that they differ, and which of them is the sound of the picture."""
    assert is_missed(LOST, heard)


@pytest.mark.parametrize(
    ("lost", "heard"),
    [
        (LOST, HEARD),
        (replace(LOST, is_auxiliary=True), HEARD),
        (replace(LOST, is_beside_picture=False), HEARD),
        (replace(LOST, is_default=False, language="eng", index=3), HEARD),
        (replace(LOST, sounding_s=1.0, language="eng"), HEARD),
    ],
)
def test_a_lost_sound_may_be_replaced(lost: AudioCandidate, heard: AudioCandidate) -> None:
    """By the same sound in another codec, or by one that would be preferred anyway."""
    assert not is_missed(lost, heard, duration_s=60.0)


def found(heard: AudioCandidate, *others: AudioCandidate, container: str = "mov") -> list[int]:
    """The rivals of a track in a film of a minute."""
    return [each.index for each in rivals(heard, [heard, *others], container=container, duration_s=60.0)]


@pytest.mark.parametrize(
    ("heard", "other", "container"),
    [
        (HEARD, replace(HEARD, index=3), "matroska"),
        (HEARD, replace(HEARD, index=3, is_default=True), "matroska"),
        (HEARD, replace(HEARD, index=3, sounding_s=None), "mpegts"),
        (HEARD, replace(HEARD, index=3, sounding_s=1.0), "mpegts"),
        (replace(MONO, is_default=True), replace(MONO, index=3), "mov"),
    ],
)
def test_tracks_that_do_not_differ_are_meant_to_be_heard(
    heard: AudioCandidate, other: AudioCandidate, container: str
) -> None:
    """The game and the microphone; the two microphones of a camera."""
    assert found(heard, other, container=container) == [3]


@pytest.mark.parametrize(
    "other",
    [
        replace(HEARD, index=3, language="fra"),
        replace(HEARD, index=3, title="Music"),
        replace(HEARD, index=3, is_auxiliary=True),
        replace(HEARD, index=3, is_beside_picture=False),
        replace(HEARD, index=3, is_decodable=False),
        replace(HEARD, index=3, codec="ac3"),
        replace(HEARD, index=3, channels=6),
        replace(HEARD, index=3, sample_rate_hz=44_100),
        replace(HEARD, index=3, sounding_s=0.6),
    ],
)
def test_versions_of_the_sound_are_no_rivals(other: AudioCandidate) -> None:
    """A film has several languages, and its sound for several devices."""
    assert found(HEARD, other) == []


def test_a_player_plays_the_default_track() -> None:
    """Only in files of cameras the mark means nothing."""
    assert found(replace(HEARD, is_default=True), replace(HEARD, index=3)) == []
    assert found(replace(MONO, is_default=True), replace(MONO, index=3), container="matroska") == []


@pytest.mark.parametrize(
    ("heard", "others", "audible", "expected"),
    [
        (MONO, [3], {2, 3}, SoundChoice(2, 3)),
        (replace(MONO, index=4), [1], {1, 4}, SoundChoice(1, 4)),
        (MONO, [3], {2}, SoundChoice(2)),
        (MONO, [3], {3}, SoundChoice(3)),
        (MONO, [3], set[int](), SoundChoice(2)),
        (MONO, [3, 4, 5], {3, 5}, SoundChoice(3, 5)),
        (MONO, [3, 4, 5], {2, 3, 5}, SoundChoice(2, 3, (5,))),
        (replace(MONO, sounding_s=10.0), [3], {2, 3}, SoundChoice(2, unused=(3,))),
        (HEARD, [3], {2, 3}, SoundChoice(2, unused=(3,))),
        (HEARD, [3, 4], {3, 4}, SoundChoice(3, unused=(4,))),
    ],
)
def test_what_is_audible_is_heard(
    heard: AudioCandidate, others: list[int], audible: set[int], expected: SoundChoice
) -> None:
    """Two mono tracks become stereo; what cannot be heard together is named."""
    rest = [replace(heard, index=index, sounding_s=60.0) for index in others]
    assert choice(heard, rest, audible, duration_s=60.0) == expected
