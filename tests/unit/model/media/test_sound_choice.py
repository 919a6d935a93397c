"""Which of several audio tracks plays."""

from itertools import permutations

import pytest

from domain.model.media.sound_choice import AudioCandidate, by_preference, names_auxiliary_sound


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
