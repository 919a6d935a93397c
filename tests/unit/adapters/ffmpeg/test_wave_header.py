import io
from struct import pack

import pytest

from adapters.ffmpeg.wave_header import SLACK_BYTES, is_cut_wave

SAMPLES_BYTES = 100_000


def chunk(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    """A chunk, which may state another length than its content has."""
    stated = len(content) if length is None else length
    return pack("<4sI", kind, stated) + content + bytes(len(content) % 2)


def wave(length: int, *, start: bytes = b"RIFF", before: bytes = b"") -> bytes:
    """A WAV with 100,000 bytes of samples whose header states another length."""
    return (
        start + bytes(4) + b"WAVE" + before + chunk(b"fmt ", bytes(16)) + chunk(b"data", bytes(SAMPLES_BYTES), length)
    )


def ds64(samples_bytes: int) -> bytes:
    """The sizes of an RF64: of the file, of the samples, and their number."""
    return chunk(b"ds64", pack("<QQQI", 0, samples_bytes, 0, 0))


@pytest.mark.parametrize(
    ("content", "is_cut"),
    [
        (wave(SAMPLES_BYTES), False),
        (wave(SAMPLES_BYTES, before=chunk(b"LIST", b"odd")), False),
        (wave(SAMPLES_BYTES + SLACK_BYTES), False),
        (wave(SAMPLES_BYTES + SLACK_BYTES + 2), True),
        (wave(2 * SAMPLES_BYTES, before=chunk(b"LIST", b"odd")), True),
        (wave(0xFFFFFFFF), False),
        (wave(0), False),
        (wave(0xFFFFFFFF, start=b"RF64", before=ds64(SAMPLES_BYTES)), False),
        (wave(0xFFFFFFFF, start=b"RF64", before=ds64(2 * SAMPLES_BYTES)), True),
        (wave(1, before=chunk(b"junk", b"", length=2**31)), False),
        (b"RIFF" + bytes(4) + b"WAVE" + 2000 * chunk(b"junk", b""), False),
        (b"", False),
    ],
)
def test_a_wave_is_cut_if_its_header_states_more_samples(content: bytes, *, is_cut: bool) -> None:
    """A size that is unknown, or a chunk that cannot be read, states nothing."""
    assert is_cut_wave(io.BytesIO(content), len(content)) is is_cut
