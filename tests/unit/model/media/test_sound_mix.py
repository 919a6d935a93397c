"""How channels become mono or stereo."""

import pytest

from domain.model.media.sound_mix import SoundMix, mixed_channels, sound_mix

HALF_POWER = 0.7071


def ears(layout: str, channels: int) -> tuple[tuple[float, float], ...]:
    """The gains of each channel on the left and on the right."""
    mix = sound_mix(layout, channels)
    assert mix is not None
    assert all(len(row) == channels for row in mix.rows)
    return tuple((mix.rows[0][place], mix.rows[-1][place]) for place in range(channels))


@pytest.mark.parametrize("layout", ["1 channels (FL)", "1 channels (LFE)", "1 channels (BR)", "1 channels (UNK)"])
def test_a_single_channel_is_heard_in_both_ears(layout: str) -> None:
    """At its own level."""
    assert sound_mix(layout, 1) == SoundMix(((1.0,),))
    assert mixed_channels(layout, 1) == 1


@pytest.mark.parametrize(
    ("layout", "channels"),
    [
        *(("mono", 1), ("", 1), ("unknown", 1), ("stereo", 2), ("", 2), ("", 0), ("1 channels (FC)", 1)),
        *(("3.0", 3), ("3.0(back)", 3), ("quad", 4), ("quad(side)", 4), ("4.0", 4), ("4.1", 5), ("5.0", 5)),
        *(("5.1", 6), ("5.1(side)", 6), ("hexagonal", 6), ("7.0", 7), ("7.1", 8), ("7.1(wide)", 8), ("octagonal", 8)),
    ],
)
def test_standard_layouts_are_mixed_as_usual(layout: str, channels: int) -> None:
    """The coefficients are those of ffmpeg."""
    mix = sound_mix(layout, channels)
    assert mix is None or (channels, mix.rows) == (1, ((1.0,),))
    assert mixed_channels(layout, channels) == (1 if channels == 1 else 2)


def test_a_lone_side_is_heard_in_both_ears() -> None:
    """Left and centre have no right, so nothing is left or right."""
    assert sound_mix("2 channels (FL+FC)", 2) == SoundMix(((HALF_POWER, HALF_POWER),))
    assert mixed_channels("2 channels (FL+FC)", 2) == 1


def test_two_channels_of_one_name_are_left_and_right() -> None:
    """Each microphone of an interview stays by itself."""
    assert ears("2 channels (FC+FC)", 2) == ((1.0, 0.0), (0.0, 1.0))


def test_downmixes_and_heads_are_stereo() -> None:
    """Only their names are unusual."""
    assert ears("downmix", 2) == ears("binaural", 2) == ((1.0, 0.0), (0.0, 1.0))


def test_of_surround_the_subwoofer_is_left_out() -> None:
    """And the height is heard as the other channels of its side."""
    gains = ears("5.1.2", 8)
    assert gains[:4] == ((1.0, 0.0), (0.0, 1.0), (HALF_POWER, HALF_POWER), (0.0, 0.0))
    assert gains[6:] == ((HALF_POWER, 0.0), (0.0, HALF_POWER))


def test_all_channels_of_22_2_have_a_place() -> None:
    """Only the two subwoofers are left out."""
    gains = ears("22.2", 24)
    assert [place for place, pair in enumerate(gains) if pair == (0.0, 0.0)] == [3, 18]
    assert gains[6:8] == ((1.0, 0.0), (0.0, 1.0))


def test_a_listed_layout_is_mixed_by_its_names() -> None:
    """A channel may have a name of its own after its position."""
    assert ears("3 channels (FL@near+FR@far+LFE)", 3) == ((1.0, 0.0), (0.0, 1.0), (HALF_POWER, HALF_POWER))


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_ambisonics_become_two_cardioids(order: int) -> None:
    """Of every order, also with more or fewer channels than it has."""
    channels = max(2, (order + 1) ** 2)
    assert ears(f"ambisonic {order}", channels)[:2] == ((HALF_POWER, HALF_POWER), (HALF_POWER, -HALF_POWER))


def test_music_beside_ambisonics_stays_stereo() -> None:
    """It is not part of the sound field."""
    assert ears("ambisonic 1+stereo", 6)[4:] == ((1.0, 0.0), (0.0, 1.0))


@pytest.mark.parametrize("channels", [3, 4, 5, 7, 9, 12, 16, 64])
def test_without_a_layout_every_channel_is_heard(channels: int) -> None:
    """In pairs; the last of an odd number in both ears."""
    gains = ears("", channels)
    assert all(max(pair) > 0 for pair in gains)
    assert gains[:2] == ((1.0, 0.0), (0.0, 1.0))
    assert (min(gains[-1]) > 0) is (channels % 2 == 1)


@pytest.mark.parametrize("channels", [6, 8, 24])
def test_a_likely_surround_has_its_centre_in_both_ears(channels: int) -> None:
    """But it may be something else, so nothing is left out."""
    gains = ears("", channels)
    assert gains[2] == (HALF_POWER, HALF_POWER)
    assert all(max(pair) > 0 for pair in gains)
