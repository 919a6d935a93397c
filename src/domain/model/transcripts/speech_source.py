"""Where the speech of a recording is heard best: in the mix of its channels, or in one of them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

# Powers per second of an envelope: enough to show syllables, of which there are about four a second.
ENVELOPE_RATE_HZ = 25

# The power of the loudest part and of the background: these shares of the envelope are below them.
_LOUD, _BACKGROUND = 0.97, 0.2
_FLOOR_DB = -80.0
# Speech rises further above its background than this, also between its syllables; hum, noise and most music do not.
_SPEECH_DB = 15.0
# With this much, a transcriber understands the mix.
_CLEAR_DB = 20.0
# Another channel is taken only if the speech rises further above the background there.
_GAIN_DB = 6.0
# Adding two independent channels costs each of them 6 dB. A mix that has lost more has lost it by cancellation.
_CANCELLED_DB = 12.0
_ACTIVE_DB = 20.0
# A channel is not taken if it is this much fainter than the mix. The difference of two channels holds the errors of
# their codec as well.
_FAINT_DB = 35.0
_FAINT_SIDE_DB = 12.0
# A channel with only a few knocks rises far above its background too.
_MIN_ACTIVE_SHARE = 0.08
# Speakers in turn overlap less. Two voices at once that have nothing in common are two translations.
_TOGETHER_SHARE = 0.4
_RELATED = 0.3
_LONGEST_SILENCE_S = 60.0


class SpeechSource(StrEnum):
    """A mono signal that can be made of the channels; `side` is the difference of left and right."""

    MIX = "mix"
    LEFT = "left"
    RIGHT = "right"
    SIDE = "side"
    CENTRE = "centre"


Envelopes = Mapping[SpeechSource, Sequence[float]]
"""The power of each signal in the band of speech, `ENVELOPE_RATE_HZ` times a second."""


def speech_source(envelopes: Envelopes) -> SpeechSource:
    """The signal in which speech rises furthest above its background.

    - The mix is preferred: it has the speech of all channels.
    - Another signal is taken if the mix is not clear and the other is clearer, or if channels cancel each other.
    - Of two voices that speak at the same time on two channels, only one is taken: translations.
    - A signal that is silent for a minute while the mix is not has only a part of the speech.
    """
    signals = {source: _Signal(powers) for source, powers in envelopes.items() if powers}
    mix = signals.get(SpeechSource.MIX)
    if mix is None:
        return SpeechSource.MIX
    others = {source: each for source, each in signals.items() if source is not SpeechSource.MIX and each.is_speech}
    sides = [others[source] for source in (SpeechSource.LEFT, SpeechSource.RIGHT) if source in others]
    if len(sides) > 1 and _are_translations(sides[0], sides[1], mix):
        return SpeechSource.LEFT
    if len(sides) > 1 and _take_turns(sides[0], sides[1]) and not _is_cancelled(mix, sides):
        return SpeechSource.MIX
    return _clearest(mix, {source: each for source, each in others.items() if not _has_gap(each, mix)})


class _Signal:
    """An envelope in decibels, and how it is distributed."""

    def __init__(self, powers: Sequence[float]) -> None:
        self.powers = powers
        self.levels_db = [_decibels(power) for power in powers]
        ordered = sorted(self.levels_db)
        self.loud_db = ordered[min(len(ordered) - 1, int(_LOUD * len(ordered)))]
        self.range_db = self.loud_db - ordered[int(_BACKGROUND * len(ordered))]

    @property
    def active(self) -> list[bool]:
        """The moments that are nearly as loud as the loudest part."""
        return [level_db > self.loud_db - _ACTIVE_DB for level_db in self.levels_db]

    @property
    def is_speech(self) -> bool:
        """Whether it may be speech: audible, rising above its background, and not only for moments."""
        is_present = self.loud_db > _FLOOR_DB + _ACTIVE_DB and self.range_db > _SPEECH_DB
        return is_present and sum(self.active) > _MIN_ACTIVE_SHARE * len(self.levels_db)


def _decibels(power: float) -> float:
    return max(_FLOOR_DB, 10 * math.log10(power)) if power > 0 else _FLOOR_DB


def _clearest(mix: _Signal, others: Mapping[SpeechSource, _Signal]) -> SpeechSource:
    if not others:
        return SpeechSource.MIX
    best = max(others, key=lambda source: others[source].range_db)
    if _is_cancelled(mix, others.values()):
        return best
    is_clearer = others[best].range_db > mix.range_db + _GAIN_DB and mix.range_db < _CLEAR_DB
    weakest_db = mix.loud_db - (_FAINT_SIDE_DB if best is SpeechSource.SIDE else _FAINT_DB)
    return best if is_clearer and others[best].loud_db > weakest_db else SpeechSource.MIX


def _is_cancelled(mix: _Signal, others: Iterable[_Signal]) -> bool:
    return mix.loud_db < max(other.loud_db for other in others) - _CANCELLED_DB


def _are_translations(left: _Signal, right: _Signal, mix: _Signal) -> bool:
    """Whether both speak at the same time and have nothing in common."""
    if _overlap(left, right) < _TOGETHER_SHARE:
        return False
    # With m = (l + r) / 2, the mean of l * r is twice that of m squared less half of that of l squared plus r squared.
    common = 2 * sum(mix.powers) - (sum(left.powers) + sum(right.powers)) / 2
    return abs(common) < _RELATED * math.sqrt(sum(left.powers) * sum(right.powers))


def _take_turns(left: _Signal, right: _Signal) -> bool:
    return _overlap(left, right) < _TOGETHER_SHARE


def _overlap(left: _Signal, right: _Signal) -> float:
    """The share of the less active signal in which the other one is active too."""
    both = sum(one and other for one, other in zip(left.active, right.active, strict=False))
    return both / max(1, min(sum(left.active), sum(right.active)))


def _has_gap(signal: _Signal, mix: _Signal) -> bool:
    """Whether the signal is silent for long while the mix is not."""
    longest = silent = 0
    for level_db, is_mix_active in zip(signal.levels_db, mix.active, strict=False):
        silent = silent + 1 if is_mix_active and level_db <= _FLOOR_DB else 0
        longest = max(longest, silent)
    return longest > _LONGEST_SILENCE_S * ENVELOPE_RATE_HZ
