"""Reading the digests of decoded frames."""

import pytest

from adapters.ffmpeg.first_sound import FirstSound


def read(*lines: str) -> FirstSound:
    """What these lines say."""
    first = FirstSound()
    for line in lines:
        first(line)
    return first


def test_a_frame_says_how_many_channels_were_decoded() -> None:
    """By its size, for 16 bits a sample."""
    first = read(
        "#format: frame checksums",
        "#channel_layout_name 0: 5.1(side)",
        "#stream#, dts,        pts, duration,     size, hash",
        "0,          0,          0,     1536,    18432, 0b8a1bc2fcb9ee3e35fc4a4b1ec2f9b5",
    )
    assert (first.is_heard, first.channels, first.layout) == (True, 6, "5.1(side)")


def test_a_header_alone_is_no_sound() -> None:
    """A track of which nothing could be decoded may have one."""
    assert not read("#channel_layout_name 0: mono", "#stream#, dts, pts, duration, size, hash").is_heard


@pytest.mark.parametrize("line", ["", "0, 0, 0, 0", "0, 0, 0, many, bytes, 0b8a", "a, b, c, d, e, f"])
def test_other_lines_are_ignored(line: str) -> None:
    """Whatever they are."""
    assert not read(line).is_heard


def test_a_frame_without_a_duration_has_no_known_channels() -> None:
    """But it was decoded."""
    assert read("0, 0, 0, 0, 0, 0b8a").is_heard
