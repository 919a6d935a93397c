"""In which signal speech is clearest."""

import random

import pytest

from domain.model.transcripts.speech_source import ENVELOPE_RATE_HZ, Envelopes, SpeechSource, speech_source

LENGTH = 60 * ENVELOPE_RATE_HZ
LEVEL = 0.01


def speech(seed: int = 1, *, start: int = 0, end: int = LENGTH) -> list[float]:
    """Syllables with gaps between them, and pauses between sentences."""
    chance = random.Random(seed)
    powers: list[float] = []
    while len(powers) < LENGTH:
        words = [power for _ in range(12) for power in (*[LEVEL * chance.uniform(0.3, 1)] * 4, LEVEL / 300)]
        powers += [*words, *[1e-7] * chance.choice((15, 25))]
    return [power if start <= place < end else 1e-9 for place, power in enumerate(powers[:LENGTH])]


def steady(power: float = LEVEL) -> list[float]:
    """Hum, noise or dense music."""
    return [power * (0.9 + 0.2 * (place % 3)) for place in range(LENGTH)]


def independent(left: list[float], right: list[float], **others: list[float]) -> Envelopes:
    """Channels with nothing in common: sum and difference have a quarter of the power of each."""
    mixed = [(one + other) / 4 for one, other in zip(left, right, strict=True)]
    named = {SpeechSource(name): powers for name, powers in others.items()}
    sides = {SpeechSource.LEFT: left, SpeechSource.RIGHT: right}
    return {SpeechSource.MIX: mixed, **sides, SpeechSource.SIDE: mixed, **named}


def common(powers: list[float]) -> Envelopes:
    """Both channels are the same."""
    return {
        SpeechSource.MIX: powers,
        SpeechSource.LEFT: powers,
        SpeechSource.RIGHT: powers,
        SpeechSource.SIDE: [0.0] * LENGTH,
    }


@pytest.mark.parametrize("powers", [speech(), steady(), [0.0] * LENGTH])
def test_the_mix_of_equal_channels_is_taken(powers: list[float]) -> None:
    """Whatever they have."""
    assert speech_source(common(powers)) is SpeechSource.MIX


def test_without_a_measurement_the_mix_is_taken() -> None:
    """Of mono, and of sound that is too short."""
    assert speech_source({}) is SpeechSource.MIX
    assert speech_source({SpeechSource.MIX: [], SpeechSource.LEFT: []}) is SpeechSource.MIX
    assert speech_source({SpeechSource.MIX: speech()}) is SpeechSource.MIX


@pytest.mark.parametrize("beside", [steady(), steady(10 * LEVEL), steady(LEVEL / 10)])
def test_speech_beside_something_steady_is_taken_alone(beside: list[float]) -> None:
    """On either side."""
    assert speech_source(independent(speech(), beside)) is SpeechSource.LEFT
    assert speech_source(independent(beside, speech())) is SpeechSource.RIGHT


def test_speech_beside_silence_is_clear_in_the_mix() -> None:
    """It is only fainter."""
    assert speech_source(independent(speech(), [0.0] * LENGTH)) is SpeechSource.MIX


def test_channels_that_cancel_each_other_are_not_mixed() -> None:
    """Also where the codec left a trace of them in the mix."""
    for rest in (0.0, 1e-5):
        cancelled = [rest * power for power in speech()]
        sides = {SpeechSource.LEFT: speech(), SpeechSource.RIGHT: speech(), SpeechSource.SIDE: speech()}
        assert speech_source({SpeechSource.MIX: cancelled, **sides}) is not SpeechSource.MIX


def test_speech_in_the_difference_is_found_under_common_music() -> None:
    """The mix has only the music."""
    both = [one + other for one, other in zip(speech(), steady(5 * LEVEL), strict=True)]
    sides = {SpeechSource.LEFT: both, SpeechSource.RIGHT: both, SpeechSource.SIDE: speech()}
    assert speech_source({SpeechSource.MIX: steady(5 * LEVEL), **sides}) is SpeechSource.SIDE


def test_a_faint_difference_is_not_taken() -> None:
    """It may be what the codec made of the common sound."""
    faint = [power / 100 for power in speech()]
    sides = {SpeechSource.LEFT: steady(), SpeechSource.RIGHT: steady(), SpeechSource.SIDE: faint}
    assert speech_source({SpeechSource.MIX: steady(), **sides}) is SpeechSource.MIX


def test_of_two_translations_the_first_is_taken() -> None:
    """The mix would be neither."""
    assert speech_source(independent(speech(1), speech(2))) is SpeechSource.LEFT


def test_two_speakers_in_turn_are_mixed() -> None:
    """Each has a microphone, and one alone would lose the other."""
    half = LENGTH // 2
    assert speech_source(independent(speech(1, end=half), speech(2, start=half))) is SpeechSource.MIX


def test_dialogue_in_the_centre_is_taken_from_under_loud_music() -> None:
    """The music has a hundred times its power."""
    music = steady(100 * LEVEL)
    assert speech_source(independent(music, music, centre=speech())) is SpeechSource.CENTRE
    assert speech_source(independent(music, music, centre=[0.0] * LENGTH)) is SpeechSource.MIX


def test_a_few_knocks_are_not_speech() -> None:
    """They rise far above their background too."""
    knocks = [LEVEL if place % 100 < 4 else 1e-9 for place in range(LENGTH)]
    assert speech_source(independent(steady(), knocks)) is SpeechSource.MIX


def test_a_channel_that_is_silent_for_long_is_not_taken() -> None:
    """As the centre of a broadcast that goes on in stereo."""
    silent = [0.0] * (61 * ENVELOPE_RATE_HZ)
    music = steady() + [LEVEL] * len(silent)
    sides = {SpeechSource.LEFT: music, SpeechSource.RIGHT: music, SpeechSource.CENTRE: speech() + silent}
    assert speech_source({SpeechSource.MIX: music, **sides}) is SpeechSource.MIX
