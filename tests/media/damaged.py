"""Makes files that are damaged, or whose headers are false."""

import struct
import zlib
from pathlib import Path

from tests.media import make, odd, surgery
from tests.media.surgery import Bytes, box

_TRACKS = b"\x16\x54\xae\x6b"  # The last occurrence is the element itself; the SeekHead before it contains the id too.
_SEGMENT = b"\x18\x53\x80\x67"
_FTYP = box("ftyp", b"isom\x00\x00\x02\x00isomiso2avc1mp41")


def long_enough(target: Path) -> Path:
    """Eight seconds: a tenth of the file has frames, and is longer than a rendition's duration tolerance."""
    noise = "nullsrc=s=96x64:r=5:d=8,geq=random(1)*255:128:128"
    codec = make.CODECS[target.suffix]
    faststart = ("-movflags", "+faststart") if target.suffix == ".mp4" else ()
    return make.encoded(target, [noise, "sine=d=8"], [*codec, *faststart, "-g", "5"])


def cut(target: Path, share: float) -> Path:
    """Only the first `share` of the file, as after an interrupted transfer."""
    return surgery.cut(long_enough(target), share)


def holed(target: Path) -> Path:
    """Zeros in place of a tenth in the middle."""
    return surgery.zeroed(long_enough(target), 0.45, 0.55)


def index_alone(target: Path) -> Path:
    """An index without the media data that it points to."""
    make.encoded(target, [odd.PICTURE], [*odd.H264, "-movflags", "+faststart"])
    return surgery.changed(target, lambda content: content[: surgery.find(content, "mdat").start])


def boxes_alone(target: Path) -> Path:
    """The `ftyp` box that identifies an MP4, and nothing else."""
    target.write_bytes(_FTYP)
    return target


def nested(target: Path) -> Path:
    """Boxes nested ten thousand deep."""
    depth = 10_000
    headers = b"".join(struct.pack(">I4s", 8 * (depth - n), b"trak") for n in range(depth))
    target.write_bytes(_FTYP + box("moov", headers))
    return target


def packed_index(target: Path) -> Path:
    """A compressed index that claims to unpack to 1 GiB."""
    packed = zlib.compress(bytes(16 * 1024**2), 9)
    cmvd = box("cmvd", struct.pack(">I", 1024**3) + packed)
    target.write_bytes(_FTYP + box("moov", box("cmov", box("dcom", b"zlib") + cmvd)))
    return target


def endless_table(target: Path) -> Path:
    """The index claims four billion samples."""
    path = ("moov", "trak", "mdia", "minf", "stbl")
    surgery.with_number(odd.lasting(target, 1), *path, "stts", offset=4, number=2**32 - 1)
    return surgery.with_number(target, *path, "stsz", offset=8, number=2**32 - 1)


def samples_beyond_the_end(target: Path) -> Path:
    """The index places every chunk far past the end of the file."""
    path = ("moov", "trak", "mdia", "minf", "stbl", "stco")
    return surgery.with_number(odd.lasting(target, 1), *path, offset=8, number=2**31)


def claiming_pixels(target: Path, width: int, height: int) -> Path:
    """JPEG frames whose headers claim this size; the container says 64 x 48."""
    odd.coded(target, "-c:v", "mjpeg", picture="color=red:s=64x48:r=10:d=0.5", sound=None)
    real, claimed = struct.pack(">HH", 48, 64), struct.pack(">HH", height, width)
    return surgery.changed(target, lambda content: bytes(content).replace(b"\x08" + real, b"\x08" + claimed))


def container_claiming_pixels(target: Path, width: int, height: int) -> Path:
    """The container claims this size; the frames are 64 x 48."""
    odd.lasting(target, 1)
    sizes = struct.pack(">HH", width, height)

    def claim(content: bytearray) -> None:
        at = content.index(b"avc1", content.index(b"stsd")) + 28
        content[at : at + 4] = sizes

    return surgery.changed(target, claim)


def packed_frames(target: Path) -> Path:
    """A Matroska file of twenty frames, each of which unpacks from 8 KiB to 8 MiB of zeros."""
    odd.coded(target, *odd.H264, "-write_crc32", "0", sound=None)

    def pack(content: bytearray) -> bytes:
        packed = zlib.compress(bytes(8 * 1024**2), 9)
        # One ContentEncoding: compression with zlib.
        encodings = _element("6d80", _element("6240", _element("5034", bytes.fromhex("42548100"))))
        tracks_at = content.rindex(_TRACKS)
        track = _content_at(_content_at(content, tracks_at + len(_TRACKS)), 1)
        pictures = b"".join(_element("a3", bytes.fromhex(f"81{n:04x}80") + packed) for n in range(20))
        cluster = _element("1f43b675", bytes.fromhex("e78100") + pictures)
        made = bytes(content[:tracks_at]) + _element("1654ae6b", _element("ae", track + encodings)) + cluster
        # An unknown size: the segment extends to the end of the file.
        size_at = made.index(_SEGMENT) + len(_SEGMENT)
        return made[:size_at] + b"\x01" + b"\xff" * 7 + made[size_at + 8 :]

    return surgery.changed(target, pack)


def giant_element(target: Path) -> Path:
    """A Matroska file whose Tracks element claims 16 TiB."""
    odd.coded(target, *odd.H264, "-write_crc32", "0", sound=None)

    def claim(content: bytearray) -> bytes:
        at = content.rindex(_TRACKS) + len(_TRACKS)
        return bytes(content[:at]) + b"\x01\x00\x10" + bytes(5) + _content_at(content, at)

    return surgery.changed(target, claim)


def _content_at(content: Bytes, at: int) -> bytes:
    """The content of an element whose size field, one to eight bytes long, begins here."""
    length = 9 - content[at].bit_length()
    size_bytes = int.from_bytes(content[at : at + length], "big") & ((1 << 7 * length) - 1)
    return bytes(content[at + length : at + length + size_bytes])


def _element(identifier: str, content: bytes) -> bytes:
    return bytes.fromhex(identifier) + (len(content) | 2**56).to_bytes(8, "big") + content
