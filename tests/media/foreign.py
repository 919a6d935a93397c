"""Makes files for the decoders of which ffmpeg has no encoder: a valid AVI and codec header, and random packets."""

import random
import struct
from pathlib import Path

WIDTH, HEIGHT, FRAME_RATE = 96, 64, 25
RATE_HZ = 44_100
_PACKETS, _PACKET_BYTES = 40, 600

# Main profile, loop filter, no overlap (SMPTE ST 421, annex J).
_WMV3_HEADER = bytes.fromhex("4e191a01")
# The bits per sample, the mask of the channels, and the decoding flags, at their places in 18 bytes.
_WMA_HEADER = struct.pack("<HI8xH2x", 16, 3, 0x00E0)


def windows_video(target: Path) -> Path:
    """Windows Media Video 9 (VC-1, main profile)."""
    return _film(target, b"WMV3", _WMV3_HEADER, lead=b"")


def vc1(target: Path) -> Path:
    """VC-1, advanced profile: its header has start codes, and so has each frame."""
    sequence = (
        *((3, 2), (2, 3), (1, 2), (0, 3), (0, 5), (0, 1), (WIDTH // 2 - 1, 12), (HEIGHT // 2 - 1, 12)),
        *((0, 1), (0, 1), (0, 1), (0, 1), (1, 1), (0, 1), (0, 1), (0, 1)),
    )
    # A closed entry point with a loop filter, extended motion vectors and transforms of variable size.
    entry = (
        (0, 1),
        (1, 1),
        (0, 1),
        (0, 1),
        (1, 1),
        (1, 1),
        (0, 1),
        (0, 2),
        (1, 1),
        (0, 1),
        (0, 2),
        (0, 1),
        (0, 1),
        (0, 1),
    )
    header = b"\x00\x00\x01\x0f" + _bits(*sequence) + b"\x00\x00\x01\x0e" + _bits(*entry)
    return _film(target, b"WVC1", header, lead=b"\x00\x00\x01\x0d")


def windows_audio(target: Path, codec: int) -> Path:
    """Windows Media Audio under the tag of one of its codecs: Professional (0x162) or Lossless (0x163)."""
    return _sound(target, codec, 2, RATE_HZ, _WMA_HEADER)


def windows_voice(target: Path) -> Path:
    """Windows Media Voice, whose header has the lengths of 17 codes."""
    lengths = _bits(*((n % 8, 3) for n in range(17)))
    return _sound(target, 0x0A, 1, 8_000, bytes(22) + lengths.ljust(24, b"\x00"))


def _sound(target: Path, codec: int, channels: int, rate_hz: int, header: bytes) -> Path:
    wave = struct.pack("<HHIIHHH", codec, channels, rate_hz, 16_000, _PACKET_BYTES, 16, len(header)) + header
    return _avi(target, b"auds", bytes(4), (1, rate_hz), wave, _packets(b""))


def _film(target: Path, code: bytes, header: bytes, *, lead: bytes) -> Path:
    sizes = (40 + len(header), WIDTH, HEIGHT, 1, 24, code, WIDTH * HEIGHT * 3, 0, 0, 0, 0)
    return _avi(target, b"vids", code, (1, FRAME_RATE), struct.pack("<IiiHH4sIiiII", *sizes) + header, _packets(lead))


def _packets(lead: bytes) -> list[bytes]:
    dice = random.Random(9)
    return [lead + dice.randbytes(_PACKET_BYTES - len(lead)) for _ in range(_PACKETS)]


def _bits(*fields: tuple[int, int]) -> bytes:
    """Numbers of so many bits each, padded to whole bytes."""
    text = "".join(f"{value:0{width}b}" for value, width in fields)
    return int(text.ljust(-(-len(text) // 8) * 8, "0"), 2).to_bytes(-(-len(text) // 8), "big")


def _avi(
    target: Path, kind: bytes, code: bytes, scale_and_rate: tuple[int, int], form: bytes, packets: list[bytes]
) -> Path:
    """An AVI with one stream."""
    chunk_name = b"00dc" if kind == b"vids" else b"00wb"
    scale, rate = scale_and_rate
    main = struct.pack("<10I16x", 1_000_000 // FRAME_RATE, 0, 0, 0x10, _PACKETS, 0, 1, 0, WIDTH, HEIGHT)
    sample_bytes = 0 if kind == b"vids" else _PACKET_BYTES
    stream = (
        kind
        + code
        + struct.pack("<IHHIIIIIIIIhhhh", 0, 0, 0, 0, scale, rate, 0, _PACKETS, 0, 0, sample_bytes, 0, 0, 0, 0)
    )
    strl = _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", form))
    movie = b"".join(_chunk(chunk_name, packet) for packet in packets)
    content = _list(b"hdrl", _chunk(b"avih", main) + strl) + _list(b"movi", movie)
    target.write_bytes(_chunk(b"RIFF", b"AVI " + content))
    return target


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _list(name: bytes, content: bytes) -> bytes:
    return _chunk(b"LIST", name + content)
