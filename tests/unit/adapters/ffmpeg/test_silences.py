"""Reading silences from ffmpeg's output."""

from adapters.ffmpeg.silences import Silences
from domain.model.transcripts.speech_intervals import Interval


def silences(*lines: str, duration_s: float = 10.0) -> tuple[Interval, ...]:
    """The silences that the lines of a log report."""
    collected = Silences()
    for line in lines:
        collected(line)
    return collected.clipped_to(duration_s)


def test_silences_are_read_from_the_filters_own_lines() -> None:
    """An open silence ends with the media, and none begins before it."""
    assert silences(
        "[silencedetect @ 0x5653ddd23b00] silence_start: -0.00133",
        "[silencedetect @ 0x5653ddd23b00] silence_end: 1.50006 | silence_duration: 1.50139",
        "[silencedetect @ 0x5653ddd23b00] silence_start: 9.25",
    ) == (Interval(0.0, 1.5), Interval(9.25, 10.0))


def test_silences_are_read_under_the_name_of_the_filters_instance() -> None:
    """As ffmpeg 9 logs them."""
    assert silences(
        "[Parsed_silencedetect_9 @ 0x7ff3c4001f00] silence_start: 0",
        "[Parsed_silencedetect_9 @ 0x7ff3c4001f00] silence_end: 1.000042 | silence_duration: 1.000042",
    ) == (Interval(0.0, 1.0),)


def test_silences_stay_within_the_media() -> None:
    """Padding may make the audio slightly longer than the video."""
    assert silences(
        "[silencedetect @ 0x1] silence_start: 9", "[silencedetect @ 0x1] silence_end: 10.02 | silence_duration: 1.02"
    ) == (Interval(9.0, 10.0),)


def test_a_title_can_not_imitate_the_filter() -> None:
    """A file's metadata is printed indented."""
    assert silences("    title           : [silencedetect @ 0x1] silence_start: 1") == ()


def test_an_end_without_a_start_is_ignored() -> None:
    """An end without a start is ignored."""
    assert silences("[silencedetect @ 0x1] silence_end: 1 | silence_duration: 1") == ()
