"""Random damage to valid files; a seed makes a run reproducible."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from tests.media import foreign, names, odd, surgery

GOOD: dict[str, Callable[[Path], object]] = {
    "a.mp4": odd.in_container,
    "fragments.mp4": odd.in_fragments,
    "a.mov": odd.in_container,
    "a.mkv": odd.in_container,
    "a.webm": odd.in_container,
    "a.avi": odd.in_container,
    "a.ts": odd.in_container,
    "a.mpg": odd.in_container,
    "a.flv": odd.in_container,
    "a.ogv": odd.in_container,
    **dict.fromkeys((*names.FILMS, *names.TAPES, *names.SONGS, *names.VOICES, *names.PHONES), names.named),
}
FOREIGN: dict[str, Callable[[Path], object]] = {
    "wmv3.avi": foreign.windows_video,
    "vc1.avi": foreign.vc1,
    "wma-pro.avi": partial(foreign.windows_audio, codec=0x162),
    "wma-lossless.avi": partial(foreign.windows_audio, codec=0x163),
    "wma-voice.avi": foreign.windows_voice,
}
_HEADER_BYTES = 2048
_EXTREMES = (0, 1, 2**31 - 1, 2**31, 2**32 - 1)

Damage = Callable[[random.Random, bytes, bytes], bytes]


def good_files(folder: Path) -> list[Path]:
    """Make one valid file of each kind."""
    return _made(GOOD, folder)


def foreign_files(folder: Path) -> list[Path]:
    """Make one file for each decoder of which there is no encoder."""
    return _made(FOREIGN, folder)


def _made(makers: Mapping[str, Callable[[Path], object]], folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for name, film in makers.items():
        film(folder / name)
    return [folder / name for name in makers]


def mutants(good: Sequence[Path], folder: Path, count: int, seed: int) -> Iterator[tuple[str, Path]]:
    """Yield `count` damaged files, one at a time, with the name of the damage; each is deleted before the next."""
    dice = random.Random(seed)
    contents = {path: path.read_bytes() for path in good}
    for number in range(count):
        path, other = dice.choice(good), dice.choice(good)
        damage = dice.choice(DAMAGES)
        target = folder / f"{number}{path.suffix}"
        target.write_bytes(damage(dice, contents[path], contents[other]))
        yield damage.__name__, target
        target.unlink()


def flipped_bits(dice: random.Random, content: bytes, _other: bytes) -> bytes:
    """Flip a few bits anywhere."""
    made = bytearray(content)
    for _ in range(dice.choice((1, 8, 64))):
        made[dice.randrange(len(made))] ^= 1 << dice.randrange(8)
    return bytes(made)


def extreme_header(dice: random.Random, content: bytes, _other: bytes) -> bytes:
    """Overwrite numbers in the header with extreme values."""
    made = bytearray(content)
    for _ in range(dice.choice((1, 3))):
        at = dice.randrange(16, min(_HEADER_BYTES, len(made) - 4))
        made[at : at + 4] = dice.choice(_EXTREMES).to_bytes(4, dice.choice(("big", "little")))
    return bytes(made)


def zeroed_range(dice: random.Random, content: bytes, _other: bytes) -> bytes:
    """Overwrite a range with zeros."""
    start, end = _range(dice, content)
    return content[:start] + bytes(end - start) + content[end:]


def repeated_range(dice: random.Random, content: bytes, _other: bytes) -> bytes:
    """Repeat a range."""
    start, end = _range(dice, content)
    return content[:end] + content[start:]


def lost_range(dice: random.Random, content: bytes, _other: bytes) -> bytes:
    """Remove a range, or everything after its start."""
    start, end = _range(dice, content)
    return content[:start] + (content[end:] if dice.random() > 0.5 else b"")


def spliced(dice: random.Random, content: bytes, other: bytes) -> bytes:
    """Join the head of one file and the tail of another."""
    return content[: _range(dice, content)[1]] + other[_range(dice, other)[0] :]


def shuffled_boxes(dice: random.Random, content: bytes, other: bytes) -> bytes:
    """Shuffle the boxes of two files after the first 32 bytes, wherever the content parses as boxes."""
    found = [content[box.start : box.end] for box in surgery.boxes(content)][1:]
    found += [other[box.start : box.end] for box in surgery.boxes(other)]
    dice.shuffle(found)
    return content[:32] + b"".join(found)


def _range(dice: random.Random, content: bytes) -> tuple[int, int]:
    start = dice.randrange(16, len(content))
    return start, min(len(content), start + dice.choice((4, 256, 4096, len(content) // 2)))


DAMAGES: tuple[Damage, ...] = (
    flipped_bits,
    extreme_header,
    zeroed_range,
    repeated_range,
    lost_range,
    spliced,
    shuffled_boxes,
)
