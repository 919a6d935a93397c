import pytest

from adapters.ffmpeg.sample_count import SampleCount


@pytest.mark.parametrize(
    "line",
    [
        "[verbose]   Input stream #0:0 (audio): 40 packets read (505029 bytes); 40 frames decoded (181656 samples); ",
        "[in#0/flac @ 0x5555] [verbose]   Input stream #0:1 (audio): 4 packets read; 1 decode errors (181656 samples)",
    ],
)
def test_the_decoded_samples_are_read(line: str) -> None:
    """As ffmpeg 5.1, and 7.1 and later, log them."""
    samples = SampleCount()
    for each in ("[verbose] Total: 40 packets (505029 bytes) demuxed", line, "[verbose] end"):
        samples(each)
    assert samples.count == 181_656


def test_without_a_count_there_is_none() -> None:
    """The count of a video stream has no samples."""
    samples = SampleCount()
    samples("[verbose]   Input stream #0:0 (video): 40 packets read (505029 bytes); 40 frames decoded; ")
    assert samples.count is None
