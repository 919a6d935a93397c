"""Recognises audio that is stored as a run of frames, without a container around them.

One frame header has few fixed bits, so random bytes and text contain many of them. A file is recognised by three frames
in a row: each ends where the next begins, and all state the same codec and sample rate. Fewer frames are enough if the
next one begins beyond the bytes that were read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FRAMES_IN_A_ROW = 3
FEWEST_FRAMES = 2
"""The number of frames that are enough if no further one fits into the bytes that were read."""
_LONGEST_HEADER_BYTES = 7
MAX_PARTIAL_BYTES = 1728
"""A recording of a stream may begin in the middle of a frame; the longest frame of MPEG audio has 1,728 bytes."""


_SYNC = re.compile(rb"\xff[\xe0-\xff]")


@dataclass(frozen=True, slots=True)
class Frame:
    """The length of a frame with its header in bytes, and what all frames of a file have in common."""

    length: int
    common: tuple[int, ...] = ()


FrameReader = Callable[[bytes, int], Frame | None]
"""Reads the frame header at an offset; None if there is no valid one."""


def is_run_of_frames(
    head: bytes, frame_at: FrameReader, *, start: int = 0, partial_bytes: int = 0, fewest: int = FEWEST_FRAMES
) -> bool:
    """Whether frames follow each other from `start` on.

    With `partial_bytes`, that many bytes may precede the first frame, which begins with MPEG's sync word. `fewest`
    frames are enough if the next one begins beyond `head`.
    """
    synced = (found.start() for found in _SYNC.finditer(head, start, start + partial_bytes))
    starts = synced if partial_bytes else (start,)
    return any(_is_run(list(_frames(head, frame_at, offset)), len(head) - offset, fewest) for offset in starts)


def _is_run(frames: list[Frame], read_bytes: int, fewest: int) -> bool:
    """Three equal frames, or fewer if the header of the next one is not in the bytes that were read from the first."""
    is_cut = sum(frame.length for frame in frames) + _LONGEST_HEADER_BYTES > read_bytes
    needed = fewest if is_cut else FRAMES_IN_A_ROW
    return len(frames) >= needed and len({frame.common for frame in frames}) == 1


def _frames(head: bytes, frame_at: FrameReader, offset: int) -> Iterator[Frame]:
    for _ in range(FRAMES_IN_A_ROW):
        frame = frame_at(head, offset)
        if frame is None:
            return
        yield frame
        offset += frame.length


def _header(head: bytes, offset: int, length: int) -> int | None:
    """The big-endian number that a header is; None if it is not whole."""
    header = head[offset : offset + length]
    return int.from_bytes(header, "big") if len(header) == length else None


_MPEG_SYNC, _ADTS_SYNC, _AC3_SYNC = 0x7FF, 0xFFF, 0x0B77
_LAYER_II, _LAYER_III = 2, 1
_MPEG_1 = 3
_MPEG_RATES_HZ = (44_100, 48_000, 32_000)
_RATE_DIVISORS = {0: 4, 2: 2, _MPEG_1: 1}  # MPEG 2.5, MPEG-2 and MPEG-1.
# ISO/IEC 11172-3, 2.4.2.3 and ISO/IEC 13818-3, 2.4.2.3.
_MPEG_1_KBPS = {
    _LAYER_II: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    _LAYER_III: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_MPEG_2_KBPS = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def mpeg_audio_frame(head: bytes, offset: int) -> Frame | None:
    """A frame of MPEG audio, layer II or III (MP2, MP3)."""
    header = _header(head, offset, 4)
    if header is None or header >> 21 != _MPEG_SYNC:
        return None
    version, layer = header >> 19 & 3, header >> 17 & 3
    bitrate, rate, padding = header >> 12 & 15, header >> 10 & 3, header >> 9 & 1
    is_valid = version in _RATE_DIVISORS and layer in _MPEG_1_KBPS and rate < len(_MPEG_RATES_HZ)
    if not is_valid or not 0 < bitrate <= len(_MPEG_2_KBPS):
        return None
    kbps = (_MPEG_1_KBPS[layer] if version == _MPEG_1 else _MPEG_2_KBPS)[bitrate - 1]
    rate_hz = _MPEG_RATES_HZ[rate] // _RATE_DIVISORS[version]
    sample_bytes = 72 if layer == _LAYER_III and version != _MPEG_1 else 144
    return Frame(sample_bytes * kbps * 1000 // rate_hz + padding, (version, layer, rate))


_ADTS_HEADER_BYTES = 7
_ADTS_RATES = 13


def adts_frame(head: bytes, offset: int) -> Frame | None:
    """A frame of AAC (ADTS, ISO/IEC 13818-7, 6.2): twelve ones, layer 0, and its own length."""
    header = _header(head, offset, _ADTS_HEADER_BYTES)
    if header is None or header >> 44 != _ADTS_SYNC or header >> 41 & 3 != 0:
        return None
    profile, rate, channels, length = header >> 38 & 3, header >> 34 & 15, header >> 30 & 7, header >> 13 & 0x1FFF
    is_valid = rate < _ADTS_RATES and length > _ADTS_HEADER_BYTES
    return Frame(length, (profile, rate, channels)) if is_valid else None


_AC3_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
_MAX_AC3_BSID, _MAX_EAC3_BSID = 10, 16
_AC3_44_KHZ, _AC3_RESERVED = 1, 3


def ac3_frame(head: bytes, offset: int) -> Frame | None:
    """A frame of AC-3 or E-AC-3 (ETSI TS 102 366, 4.4.1 and E.1.3.1)."""
    header = _header(head, offset, 6)
    if header is None or header >> 32 != _AC3_SYNC:
        return None
    version, rate = header >> 3 & 31, header >> 14 & 3
    if _MAX_AC3_BSID < version <= _MAX_EAC3_BSID:
        return Frame(2 * ((header >> 16 & 0x7FF) + 1), (1, rate))
    code = header >> 8 & 63
    if version > _MAX_EAC3_BSID or rate == _AC3_RESERVED or code >> 1 >= len(_AC3_KBPS):
        return None
    kbps = _AC3_KBPS[code >> 1]
    words = (2 * kbps, kbps * 96_000 // 44_100 + (code & 1), 3 * kbps)[rate]
    return Frame(2 * words, (0, rate))


# 3GPP TS 26.101 and 26.201, annex A: the sizes of speech frames by their mode; the others carry noise or nothing.
_AMR_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
_AMR_WB_BYTES = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6)
_AMR_NO_DATA = 15
_AMR_PADDING_BITS = 0x83


def amr_frame(head: bytes, offset: int) -> Frame | None:
    """A frame of narrow-band AMR in a file (RFC 4867, 5.3)."""
    return _amr_frame(head, offset, _AMR_BYTES)


def amr_wb_frame(head: bytes, offset: int) -> Frame | None:
    """A frame of wide-band AMR in a file (RFC 4867, 5.3)."""
    return _amr_frame(head, offset, _AMR_WB_BYTES)


def _amr_frame(head: bytes, offset: int, sizes: tuple[int, ...]) -> Frame | None:
    header = _header(head, offset, 1)
    if header is None or header & _AMR_PADDING_BITS != 0:
        return None
    mode = header >> 3
    if mode < len(sizes):
        return Frame(sizes[mode])
    return Frame(1) if mode >= _AMR_NO_DATA - 1 else None
