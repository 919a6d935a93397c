from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.uploads.container_sniffing import SNIFF_BYTES, Container, sniff


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box of ISO/IEC 14496-12."""
    return pack(">I4s", 8 + len(content), kind) + content


def packet(number: int = 0) -> bytes:
    """A packet of a transport stream, with nothing in it that looks like the start of another."""
    return b"G\x40\x11" + bytes([0x10 | number % 16]) + b"\xff" * 184


def stream(count: int = 21) -> bytes:
    """This many packets, as they are broadcast."""
    return b"".join(map(packet, range(count)))


def timed_stream(count: int = 21, time: bytes = b"\x0e\xbf\x46\x22") -> bytes:
    """This many packets, as a camcorder writes them, each after a time."""
    return b"".join(time + packet(number) for number in range(count))


def checked_stream(count: int = 21) -> bytes:
    """This many packets, each with a checksum behind it."""
    return b"".join(packet(number) + bytes(range(100, 116)) for number in range(count))


def tape(system: int = 0xBF) -> bytes:
    """The blocks of a DV frame up to the first one with sound; each begins with its section and its number."""
    blocks = (b"\x1f\x07\x00", b"\x3f\x07\x00", b"\x3f\x07\x01", b"\x56\x07\x00", b"\x56\x07\x01", b"\x56\x07\x02")
    return b"".join((block + bytes([system])).ljust(80, b"\xff") for block in (*blocks, b"\x76\x07\x00"))


def tag(content: bytes = b"TSSE" + bytes(20)) -> bytes:
    """An ID3v2 tag with this content."""
    size = len(content)
    return b"ID3\x04\x00\x00" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + content


def frames(header: bytes, length: int, count: int = 4) -> bytes:
    """This many equal frames, each of this length with its header."""
    return header.ljust(length, b"\x07") * count


FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2avc1mp41")
EBML = (
    b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroskaB\x87\x81\x04B\x85\x81\x02"
)
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webmB\x87\x81\x04B\x85\x81\x02"
LONG_SIZES = b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x14B\x86\x81\x01B\x82\x01\x00\x00\x00\x00\x00\x00\x04webm"
AVI = b"RIFF\xc2\xb4\x01\x00AVI LIST\xca\x22\x00\x00hdrlavih"
PROGRAM_1 = b"\x00\x00\x01\xba!\x00\x01\x00\x01\xa1\xa1\xad\x00\x00\x01\xbb"
PROGRAM_2 = b"\x00\x00\x01\xbaD\x00\x04\x00\x04\x01\x86f\xcf\xf8\x00\x00\x01\xbb"
VIDEO_1 = b"\x00\x00\x01\xb3\x14\x00\xf0\x13\xff\xff\xe0\x18"
VIDEO_2 = b"\x00\x00\x01\xb3\x20\x02\x00\x23\xff\xff\xe0\x18"
FLV = b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00\x12"
OGG = b"OggS\x00\x02" + bytes(8) + b"\xb4\x12\xd7\x15"
LATER_PROGRAM_1 = b"\x11" * 700 + PROGRAM_1
LATER_PROGRAM_2 = b"\x00\x00\x01\xe0\x07\xec\x81" + b"\x11" * 2000 + PROGRAM_2
STUFFED_PROGRAM = b"\x11" * 30 + PROGRAM_2[:13] + b"\xfb\xff\xff\xff\x00\x00\x01\xe0"
ASF = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c\xf7\x02" + bytes(6) + b"\x06\x00\x00\x00"
MXF = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\x00\x83\x00\x00\x88"
WAV = b"RIFF\x24\x10\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00"
RF64 = b"RF64\xff\xff\xff\xffWAVEds64\x1c\x00\x00\x00"
BW64 = b"BW64\xff\xff\xff\xffWAVEds64\x1c\x00\x00\x00"
W64 = (
    b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00\xf0\x58\x01\x00\x00\x00\x00\x00"
    b"wave\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"
)
AIFF = b"FORM\x00\x01\x58\xb6AIFFCOMM\x00\x00\x00\x12\x00\x01"
AIFC = b"FORM\x00\x01\x58\xb6AIFCFVER\x00\x00\x00\x04\xa2\x80\x51\x40"
CAF = b"caff\x00\x01\x00\x00desc" + bytes(7) + b"\x20\x40\xe5\x88\x80"
FLAC = b"fLaC\x00\x00\x00\x22\x12\x00\x12\x00"
MP3 = frames(b"\xff\xfb\x90\x00", 417)  # 128 kbit/s at 44.1 kHz.
MP2 = frames(b"\xff\xfd\xe4\x00", 1152, 3)  # 384 kbit/s at 48 kHz.
MP3_OF_MPEG_2 = frames(b"\xff\xf3\x84\x00", 192, 5)  # 64 kbit/s at 24 kHz.
MP3_OF_MPEG_25 = frames(b"\xff\xe3\x48\x00", 288)  # 32 kbit/s at 8 kHz.
AAC = frames(b"\xff\xf1\x50\x80\x21\x3f\xfc", 265)
AC3 = frames(b"\x0b\x77\x1e\xf8\x14\x40", 768)  # 192 kbit/s at 48 kHz.
AC3_AT_44_KHZ = (b"\x0b\x77\x1e\xf8\x54\x40".ljust(834, b"\x55") + b"\x0b\x77\x1e\xf8\x55\x40".ljust(836, b"\x55")) * 2
AC3_OF_LONG_FRAMES = frames(b"\x0b\x77\x1e\xf8\x24\x40", 2560)  # 640 kbit/s at 48 kHz.
EAC3 = frames(b"\x0b\x77\x00\xcf\x72\x87", 416)
AMR = b"#!AMR\n" + frames(b"\x3c", 32)
AMR_WB = b"#!AMR-WB\n" + frames(b"\x14", 33) + b"\x7c" * 3
PAUSED_AMR = b"#!AMR\n" + b"\x7c" * 5 + frames(b"\x44", 6)

HEADS = {
    "mp4": (FTYP + box(b"free"), Container.ISO_BMFF),
    "3gp": (box(b"ftyp", b"3gp4\x00\x00\x02\x003gp4"), Container.ISO_BMFF),
    "mov": (box(b"ftyp", b"qt  \x00\x00\x02\x00qt  ") + box(b"wide"), Container.ISO_BMFF),
    "shortest-ftyp": (box(b"ftyp", b"qt  \x00\x00\x00\x00"), Container.ISO_BMFF),
    "index-first": (box(b"moov", box(b"mvhd", bytes(100))), Container.ISO_BMFF),
    "media-first": (pack(">I4s", 2**32 - 2**16, b"mdat") + bytes(100), Container.ISO_BMFF),
    "media-to-the-end": (b"\x00\x00\x00\x00mdat" + bytes(100), Container.ISO_BMFF),
    "media-of-64-bits": (b"\x00\x00\x00\x01mdat\x00\x00\x00\x02" + bytes(100), Container.ISO_BMFF),
    "preview-first": (box(b"pnot", b"\xc8\x00\x00\x00\x00\x00PICT\x00\x01"), Container.ISO_BMFF),
    "wide-first": (box(b"wide") + pack(">I4s", 10**6, b"mdat"), Container.ISO_BMFF),
    "skip-first": (box(b"skip", bytes(2000)) + box(b"free") + FTYP, Container.ISO_BMFF),
    "free-beyond-the-head": (box(b"free", bytes(70_000)), Container.ISO_BMFF),
    "free-up-to-the-head": (box(b"free", bytes(SNIFF_BYTES - 8)) + FTYP, Container.ISO_BMFF),
    "matroska": (EBML, Container.MATROSKA),
    "webm": (WEBM, Container.MATROSKA),
    "long-ebml-sizes": (LONG_SIZES, Container.MATROSKA),
    "avi": (AVI, Container.AVI),
    "mpeg-1": (PROGRAM_1, Container.MPEG_PROGRAM),
    "mpeg-2": (PROGRAM_2, Container.MPEG_PROGRAM),
    "transport": (stream(), Container.MPEG_TRANSPORT),
    "shortest-transport": (stream(5), Container.MPEG_TRANSPORT),
    "timed-transport": (timed_stream(), Container.MPEG_TRANSPORT),
    "timed-from-zero": (timed_stream(time=bytes(4)), Container.MPEG_TRANSPORT),
    "flv": (FLV, Container.FLV),
    "ogg": (OGG, Container.OGG),
    "checked-transport": (checked_stream(), Container.MPEG_TRANSPORT),
    "mpeg-1-from-the-middle": (LATER_PROGRAM_1, Container.MPEG_PROGRAM),
    "mpeg-2-from-the-middle": (LATER_PROGRAM_2, Container.MPEG_PROGRAM),
    "mpeg-2-with-stuffing": (STUFFED_PROGRAM, Container.MPEG_PROGRAM),
    "asf": (ASF, Container.ASF),
    "mxf": (MXF, Container.MXF),
    "mxf-after-a-run-in": (b"\x00\x01" * 500 + MXF, Container.MXF),
    "pal-tape": (tape(), Container.DV),
    "ntsc-tape": (tape(0x3F), Container.DV),
    "wav": (WAV, Container.WAV),
    "wav-of-a-broadcaster": (WAV.replace(b"fmt ", b"bext"), Container.WAV),
    "rf64": (RF64, Container.WAV),
    "bw64": (BW64, Container.WAV),
    "wave64": (W64, Container.WAV),
    "aiff": (AIFF, Container.AIFF),
    "aifc": (AIFC, Container.AIFF),
    "caf": (CAF, Container.CAF),
    "flac": (FLAC, Container.FLAC),
    "flac-of-one-block": (b"fLaC\x80" + FLAC[5:], Container.FLAC),
    "tagged-flac": (tag() + FLAC, Container.FLAC),
    "mp3": (MP3, Container.MPEG_AUDIO),
    "mp3-from-the-middle": (b"\x55" * 300 + MP3, Container.MPEG_AUDIO),
    "mp3-of-mpeg-2": (MP3_OF_MPEG_2, Container.MPEG_AUDIO),
    "mp3-of-mpeg-2.5": (MP3_OF_MPEG_25, Container.MPEG_AUDIO),
    "mp2": (MP2, Container.MPEG_AUDIO),
    "tagged-mp3": (tag() + MP3, Container.MPEG_AUDIO),
    "padded-mp3": (tag() + bytes(100) + MP3, Container.MPEG_AUDIO),
    "mp3-with-an-old-tag": (b"ID3\x02\x00\x00\x00\x00\x00\x0aTT2\x00\x00\x04name" + MP3, Container.MPEG_AUDIO),
    "mp3-with-a-cover": (tag(b"APIC" + bytes(60_000)), Container.MPEG_AUDIO),
    "mp3-with-two-tags": (tag() + tag() + MP3, Container.MPEG_AUDIO),
    "aac": (AAC, Container.ADTS),
    "tagged-aac": (tag(b"PRIV" + bytes(40)) + AAC, Container.ADTS),
    "ac3": (AC3, Container.AC3),
    "ac3-at-44-khz": (AC3_AT_44_KHZ, Container.AC3),
    "ac3-of-long-frames": (AC3_OF_LONG_FRAMES, Container.AC3),
    "ac3-of-half-the-head": (frames(b"\x0b\x77\x1e\xf8\x20\x40", SNIFF_BYTES // 2), Container.AC3),
    "eac3": (EAC3, Container.AC3),
    "amr": (AMR, Container.AMR),
    "amr-wb": (AMR_WB, Container.AMR),
    "amr-that-begins-with-silence": (PAUSED_AMR, Container.AMR),
}


@pytest.mark.parametrize(("head", "container"), HEADS.values(), ids=HEADS)
def test_a_container_is_known_by_its_first_bytes(head: bytes, container: Container) -> None:
    """Whole files, and first bytes followed by anything, are recognised."""
    assert sniff(head) is container
    assert sniff(head + bytes(range(256)) * 20) is container


@pytest.mark.parametrize("audio", [MP3, AAC, FLAC], ids=["mp3", "aac", "flac"])
@pytest.mark.parametrize("left", [0, 1, 9, 10, 300, 500, 900])
def test_audio_may_begin_at_the_end_of_the_head(audio: bytes, left: int) -> None:
    """A tag may leave this many of the bytes that are examined, too few for three frames."""
    assert sniff((tag(b"TSSE" + bytes(SNIFF_BYTES - left - 14)) + audio * 3)[:SNIFF_BYTES]) is not None


@pytest.mark.parametrize("left", [10, 300, 900])
def test_words_at_the_end_of_the_head_are_no_audio(left: int) -> None:
    """A tag alone makes no audio file."""
    assert sniff((tag(b"TSSE" + bytes(SNIFF_BYTES - left - 14)) + b"words " * 200)[:SNIFF_BYTES]) is None


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 100, 187])
def test_a_broadcast_may_begin_in_the_middle_of_a_packet(cut: int) -> None:
    """A recording may begin anywhere in a packet."""
    assert sniff(stream()[cut:]) is Container.MPEG_TRANSPORT


@pytest.mark.parametrize("cut", [1, 3, 4, 5, 100, 191])
def test_a_timed_broadcast_may_begin_in_the_middle_of_a_packet(cut: int) -> None:
    """Its packets are four bytes longer."""
    assert sniff(timed_stream()[cut:]) is Container.MPEG_TRANSPORT


OTHERS = {
    "nothing": b"",
    "one-byte": b"\x00",
    "one-sync-byte": b"G",
    "zeros": bytes(8000),
    "text": b"These are words, whatever the name of the file says.\n" * 100,
    "text-of-box-names": b"ftypmoovmdatfreeskipwidepnot" * 200,
    "byte-order-mark": b"\xef\xbb\xbfwords",
    "utf-16": "words".encode("utf-16"),
    "html": b"<!DOCTYPE html><html>\x00</html>",
    "playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:/etc/passwd\n\x00",
    "concatenation": b"ffconcat version 1.0\nfile '/etc/passwd'\n\x00",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "gif": b"GIF89a\x01\x00\x01\x00",
    "zip": b"PK\x03\x04\x14\x00\x00\x00",
    "elf": b"\x7fELF\x02\x01\x01\x00" + bytes(100),
    "exe": b"MZ\x90\x00\x03\x00\x00\x00",
    "headers-of-mp3-without-frames": b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 100,
    "two-frames-of-mp3": MP3[: 2 * 417] + bytes(3000),
    "frames-of-mp3-at-other-rates": MP3[:417] + MP3_OF_MPEG_2[: 2 * 192] + bytes(3000),
    "mp3-far-behind": b"\x55" * 2000 + MP3,
    "mp3-of-free-bitrate": frames(b"\xff\xfb\x00\x00", 417, 8),
    "mp3-of-invalid-bitrate": frames(b"\xff\xfb\xf0\x00", 417, 8),
    "mp3-of-reserved-rate": frames(b"\xff\xfb\x9c\x00", 417, 8),
    "mp3-of-reserved-version": frames(b"\xff\xeb\x90\x00", 417, 8),
    "mp1": frames(b"\xff\xff\x90\x00", 312, 8),
    "two-frames-of-aac": AAC[: 2 * 265] + bytes(3000),
    "aac-of-no-length": frames(b"\xff\xf1\x50\x80\x00\x1f\xfc", 7, 500),
    "aac-of-reserved-rate": frames(b"\xff\xf1\x74\x80\x21\x3f\xfc", 265),
    "one-frame-of-ac3": AC3[:768] + bytes(5000),
    "ac3-of-reserved-rate": frames(b"\x0b\x77\x1e\xf8\xd4\x40", 768),
    "ac3-of-no-bitrate": frames(b"\x0b\x77\x1e\xf8\x3f\x40", 768),
    "ac3-of-a-later-version": frames(b"\x0b\x77\x1e\xf8\x14\x90", 768),
    "tag-alone": tag(),
    "tag-before-words": tag() + b"words " * 100,
    "tag-longer-than-the-file": tag(b"APIC" + bytes(60_000))[:3000],
    "tag-of-8-bits": b"ID3\x04\x00\x00\x00\x00\x00\xffTSSE" + bytes(5000),
    "tag-before-a-transport-stream": tag() + stream(),
    "amr-script": b"#!AMR\ncat /etc/passwd\n\x00" + bytes(100),
    "amr-of-no-frame": b"#!AMR\n" + b"\x48" * 100,
    "amr-of-padding": b"#!AMR\n" + b"\x3f" * 100,
    "wav-header": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "aiff-header": b"FORM\x00\x01\x58\xb6AIFF",
    "other-form": b"FORM\x00\x01\x58\xb6ILBMBMHD\x00\x00\x00\x14",
    "flac-of-another-first-block": b"fLaC\x04\x00\x00\x22",
    "asf-of-huge-header": ASF[:20] + b"\x01" * 8,
    "mxf-of-another-partition": MXF[:13] + b"\x03" + MXF[14:],
    "tape-without-blocks": tape()[:4] + bytes(4000),
    "pack-without-another": b"\x11" * 100 + PROGRAM_2[:14] + bytes(100),
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "late-part-of-an-avi": b"RIFF\x24\x00\x00\x00AVIXLIST",
    "text-like-avi": b"RIFF    AVI is a container",
    "other-ebml": EBML.replace(b"matroska", b"whatever"),
    "ebml-of-late-type": EBML[:4] + bytes(200) + EBML[4:],
    "unmarked-pack": b"\x00\x00\x01\xba\x00\x00\x00\x00",
    "mpeg-1-video-in-no-container": VIDEO_1,
    "mpeg-2-video-in-no-container": VIDEO_2,
    "old-flash": b"FLV\x01\x05\x00\x00\x00\x08",
    "page-of-another-ogg": b"OggS\x01\x02" + bytes(8),
    "other-box": box(b"uuid", bytes(100)) + FTYP,
    "tiny-ftyp": pack(">I4s", 15, b"ftyp") + bytes(100),
    "huge-ftyp": pack(">I4s", 4097, b"ftyp") + bytes(5000),
    "tiny-index": pack(">I4s", 7, b"moov") + bytes(100),
    "tiny-padding": pack(">I4s", 4, b"free") + b"mdat" + bytes(8000),
    "endless-padding": pack(">I4s", 0, b"free") + bytes(8000),
    "huge-padding": pack(">I4s", 16 * 1024**2 + 1, b"free") + bytes(8000),
    "padding-alone": box(b"free", bytes(100)),
    "padding-before-another": box(b"wide") + box(b"uuid", bytes(100)),
    "four-packets": stream(4),
    "packets-of-another-size": b"".join(packet() + b"\xff" for _ in range(21)),
    "packets-of-nothing": b"G\x40\x11\x00".ljust(188, b"\xff") * 21,
    "zeros-before-packets": bytes(100) + stream(),
    "packets-far-behind": b"\xff" * 200 + stream(),
}


@pytest.mark.parametrize("head", OTHERS.values(), ids=OTHERS)
def test_anything_else_is_no_container(head: bytes) -> None:
    """Neither another format nor one that only resembles a container is accepted."""
    assert sniff(head) is None


FOREIGN = [
    *(b"GIF8", b"\x89PNG", b"\xff\xd8\xff\xe0", b"%PDF", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"ID3\x04"),
    *(b"\x7fELF", b"MZ\x90\x00", b"#!/b", b"#EXT", b"<svg", b"\n<a>", b"<!--", b"<?xm"),
    *(b"\xef\xbb\xbfw", b"\xfe\xff\x00w", b"\xff\xfew\x00"),
]


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("rest", [b"ftyp" + FTYP[8:], b"mdat" + bytes(100), b"free" + bytes(8000), stream()])
def test_a_file_that_can_be_read_as_something_else_is_refused(foreign: bytes, rest: bytes) -> None:
    """A polyglot could be a video here and a picture, a page or a program elsewhere."""
    assert sniff(foreign + rest) is None


def test_gif89a_before_a_box_is_refused() -> None:
    """This is the classic polyglot."""
    assert sniff(b"GIF89a" + FTYP) is None


@given(st.binary(max_size=2 * SNIFF_BYTES))
def test_any_bytes_give_a_result(first_bytes: bytes) -> None:
    """No input raises an error."""
    assert sniff(first_bytes) in {None, *Container}


@given(st.sampled_from([head for head, _ in HEADS.values()]), st.data())
def test_a_damaged_head_gives_a_result(head: bytes, data: st.DataObject) -> None:
    """No cut and no changed byte raises an error."""
    cut = data.draw(st.integers(0, len(head) - 1))
    assert sniff(head[:cut]) in {None, *Container}
    assert sniff(head[:cut] + data.draw(st.binary(min_size=1, max_size=8)) + head[cut + 1 :]) in {None, *Container}


CONTROLS = "".join(map(chr, {*range(0x20), 0x7F} - set(b"\t\n\f\r\x1b")))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters=CONTROLS), max_size=400)
WORDS = st.sampled_from(
    ["    ftypisom", "    moov", "    free", "RIFF    AVI ", "RIFF    WAVEfmt ", "OggS", "ID3", "fLaC", "G" * 2000, ""]
)


@given(WORDS, TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_is_no_container(words: str, text: str, encoding: str) -> None:
    """No text is recognised as a container, whatever it says."""
    assert sniff((words + text).encode(encoding)) is None


def test_only_the_first_bytes_are_examined() -> None:
    """The result does not depend on how much of the file was read."""
    assert sniff(b"words ".ljust(SNIFF_BYTES, b".") + bytes(100)) is None
    assert sniff(box(b"free", bytes(SNIFF_BYTES)) + box(b"uuid")) is Container.ISO_BMFF
