"""Sound mixes: how the channels of a source become mono or stereo, by their layout and not by their number alone.

A layout is a name of ffmpeg: a standard one such as `5.1(side)`, a list such as `2 channels (FL+FC)`, `ambisonic 1`, or
`unknown`.
"""

import re
from dataclasses import dataclass

_STANDARD = re.compile(
    r"(?:mono|stereo|[2-7]\.[01]|quad|hexagonal|octagonal)(?:\((?:side|back|front|wide|wide-side)\))?"
)
_NAMED = re.compile(r"\d+ channels \(([^)]*)\)")
_AMBISONIC = re.compile(r"ambisonic (\d{1,2})(?:\+(.*))?")
_HALF_POWER = 0.7071
# The channels in ffmpeg's order, for the standard layouts that are not mixed by their names.
_CHANNELS = {
    "mono": ("FC",),
    "stereo": ("FL", "FR"),
    "downmix": ("DL", "DR"),
    "binaural": ("BIL", "BIR"),
    "5.1": ("FL", "FR", "FC", "LFE", "BL", "BR"),
    "7.1": ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
    "cube": ("FL", "FR", "BL", "BR", "TFL", "TFR", "TBL", "TBR"),
    "3.1.2": ("FL", "FR", "FC", "LFE", "TFL", "TFR"),
    "5.1.2": ("FL", "FR", "FC", "LFE", "SL", "SR", "TFL", "TFR"),
    "5.1.2(back)": ("FL", "FR", "FC", "LFE", "BL", "BR", "TFL", "TFR"),
    "5.1.4": ("FL", "FR", "FC", "LFE", "BL", "BR", "TFL", "TFR", "TBL", "TBR"),
    "7.1.2": ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR", "TFL", "TFR"),
    "7.1.4": ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR", "TFL", "TFR", "TBL", "TBR"),
    "7.2.3": ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR", "TFL", "TFR", "TBC", "LFE2"),
    "9.1.4": ("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "SL", "SR", "TFL", "TFR", "TBL", "TBR"),
    "9.1.6": (
        *("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "SL", "SR", "TFL", "TFR", "TBL", "TBR"),
        "TSL",
        "TSR",
    ),
    "hexadecagonal": (
        *("FL", "FR", "FC", "BL", "BR", "BC", "SL", "SR"),
        *("TFL", "TFC", "TFR", "TBL", "TBC", "TBR", "WL", "WR"),
    ),
    "22.2": (
        *("FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR", "TC"),
        *("TFL", "TFC", "TFR", "TBL", "TBC", "TBR", "LFE2", "TSL", "TSR", "BFC", "BFL", "BFR"),
    ),
}
# The standard layouts that begin with left, right and centre.
_WITH_CENTRE = frozenset(
    {
        *("3.0", "3.1", "4.0", "4.1", "5.0", "5.0(side)", "5.1(side)", "6.0", "6.1", "6.1(back)", "7.0"),
        *("7.1(wide)", "7.1(wide-side)", "hexagonal", "octagonal"),
    }
)
_CENTRE_PLACE = 2
_FRONT = frozenset({"FL", "FR", "FLC", "FRC", "DL", "DR", "BIL", "BIR", "WL", "WR"})
# Without a layout, this many channels are most likely surround sound.
_LIKELY_SURROUND = {6: _CHANNELS["5.1"], 8: _CHANNELS["7.1"], 24: _CHANNELS["22.2"]}
# A layout with fewer channels has no subwoofer: a microphone was given its name.
_MIN_SURROUND = 5


@dataclass(frozen=True, slots=True)
class SoundMix:
    """For each channel of the result, one row: the gain of each channel of the source."""

    rows: tuple[tuple[float, ...], ...]


def sound_mix(layout: str, channels: int) -> SoundMix | None:
    """The mix of an unusual layout; None for the standard layouts, and mono and stereo without one.

    - A single channel is heard in both ears, whatever loudspeaker it names.
    - A channel of one side is heard on that side if the layout has its counterpart, and in both ears otherwise.
    - Two channels of one name are two microphones: left and right.
    - Of ambisonics, the stereo image is taken with two cardioid microphones that point to the left and to the right.
    - Without a layout, channels are pairs of left and right, except where their number is that of surround sound.
    """
    if ambisonic := _AMBISONIC.fullmatch(layout):
        return _ambisonic_mix(int(ambisonic[1]), ambisonic[2] or "", channels)
    if channels == 1 and layout not in {"", "unknown", "mono"}:
        return SoundMix(((1.0,),))
    if names := _names(layout):
        return None if names in (("FC",), ("FL", "FR")) else _named_mix(names)
    if _STANDARD.fullmatch(layout) or channels <= len(_CHANNELS["stereo"]):
        return None
    surround = _LIKELY_SURROUND.get(channels)
    return _pairs(channels) if surround is None else _named_mix(surround, has_subwoofer=False)


def mixed_channels(layout: str, channels: int) -> int:
    """The number of channels of the mix: 1 or 2."""
    mix = sound_mix(layout, channels)
    if mix is None:
        return 1 if channels == 1 else 2
    return len(mix.rows)


def centre_of(layout: str, channels: int) -> int | None:
    """The place of the centre channel among three or more; None if there is none, or it is unknown."""
    named = _NAMED.fullmatch(layout)
    names = tuple(named[1].split("+")) if named else _CHANNELS.get(layout, ())
    if names:
        return names.index("FC") if "FC" in names and channels > len(_CHANNELS["stereo"]) else None
    return _CENTRE_PLACE if layout in _WITH_CENTRE else None


def _names(layout: str) -> tuple[str, ...]:
    """The channels that are mixed by their names; none for the other layouts."""
    listed = _NAMED.fullmatch(layout)
    if listed:
        return tuple(name.partition("@")[0] for name in listed[1].split("+"))
    return () if _STANDARD.fullmatch(layout) else _CHANNELS.get(layout, ())


def _named_mix(names: tuple[str, ...], *, has_subwoofer: bool = True) -> SoundMix:
    if len(names) == len(_CHANNELS["stereo"]) and names[0] == names[1]:
        return SoundMix(((1.0, 0.0), (0.0, 1.0)))
    is_surround = has_subwoofer and len(names) >= _MIN_SURROUND
    pairs = [_gains(name, names, is_surround=is_surround) for name in names]
    left, right = tuple(gains[0] for gains in pairs), tuple(gains[1] for gains in pairs)
    return SoundMix((left,) if left == right else (left, right))


def _gains(name: str, names: tuple[str, ...], *, is_surround: bool) -> tuple[float, float]:
    """The gains of a channel on the left and on the right."""
    if name.startswith("LFE") and is_surround:
        return 0.0, 0.0
    gain = 1.0 if name in _FRONT else _HALF_POWER
    for side, other, gains in (("L", "R", (gain, 0.0)), ("R", "L", (0.0, gain))):
        if _is_on(side, name) and _mirrored(name, side, other) in names:
            return gains
    return _HALF_POWER, _HALF_POWER


def _is_on(side: str, name: str) -> bool:
    return name.endswith(side) or name == f"F{side}C"


def _mirrored(name: str, side: str, other: str) -> str:
    return f"F{other}C" if name == f"F{side}C" else f"{name.removesuffix(side)}{other}"


def _ambisonic_mix(order: int, beside: str, channels: int) -> SoundMix:
    """In ACN order with SN3D, the first channel has no direction, and the second is left minus right."""
    ambient = (order + 1) ** 2
    width = max(channels, ambient)
    left = [_HALF_POWER, _HALF_POWER, *([0.0] * (width - 2))]
    right = [_HALF_POWER, -_HALF_POWER, *([0.0] * (width - 2))]
    if beside and width >= ambient + 2:  # Music or a narrator, which does not turn with the head.
        left[ambient], right[ambient + 1] = 1.0, 1.0
    return SoundMix((tuple(left[:width]), tuple(right[:width])))


def _pairs(channels: int) -> SoundMix:
    """Left and right in turn, and the last of an odd number in both ears; the first pair leads."""
    gains = [1.0 if place < len(_CHANNELS["stereo"]) else _HALF_POWER for place in range(channels)]
    alone = channels - 1 if channels % 2 else channels
    left = tuple(gain if place % 2 == 0 or place == alone else 0.0 for place, gain in enumerate(gains))
    right = tuple(gain if place % 2 or place == alone else 0.0 for place, gain in enumerate(gains))
    return SoundMix((left, right))
