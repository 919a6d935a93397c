"""What is read from yt-dlp's lines."""

import pytest

from adapters.ytdlp.report import Report

TWO_STREAMS = (
    'telecine-streams [{"format_id": "137", "filesize": 750, "filesize_approx": 700}, '
    '{"format_id": "140", "filesize": null, "filesize_approx": 250}]'
)


def told(*lines: str) -> tuple[Report, list[float]]:
    """The report after these lines, and what it has told of progress."""
    percents: list[float] = []
    report = Report(percents.append)
    for line in lines:
        report(line)
    return report, percents


def test_a_single_stream_goes_from_nothing_to_all() -> None:
    """By its size, or what it is thought to be."""
    _, percents = told(
        "[youtube] Extracting URL",
        "telecine-progress 10 100 NA 18",
        "telecine-progress 50 NA 100.0 18",
        "telecine-progress 120 100 NA 18",
    )
    assert percents == [10.0, 50.0, 100.0]


def test_two_streams_share_the_progress_by_their_sizes() -> None:
    """Sound begins where the picture has ended."""
    _, percents = told(TWO_STREAMS, "telecine-progress 375 750 NA 137", "telecine-progress 125 250 NA 140")
    assert percents == [37.5, 87.5]


def test_streams_of_unknown_size_count_alike() -> None:
    """Better than to stand still."""
    streams = 'telecine-streams [{"format_id": "a", "filesize": 9}, {"format_id": "b"}]'
    assert told(streams, "telecine-progress 1 2 NA b")[1] == [75.0]


@pytest.mark.parametrize(
    "line",
    [
        "telecine-progress",
        "telecine-progress 10 NA NA 18",
        "telecine-progress 10 x y z",
        "telecine-progress 10 nan inf 18",
        "telecine-progress 10 -5 0 18",
        "telecine-streams NA",
        "telecine-streams []",
        'telecine-streams ["x"]',
        "telecine-about NA",
        'telecine-about {"duration": "long"}',
        "telecine-aboutism {}",
        "",
    ],
)
def test_what_can_not_be_read_is_passed_over(line: str) -> None:
    """Progress is a courtesy."""
    report, percents = told(line)
    assert percents == []
    assert (report.is_done, report.is_live, report.is_too_large, report.duration_s) == (False, False, False, 0.0)


@pytest.mark.parametrize(
    "about",
    [
        '{"is_live": true}',
        '{"live_status": "is_live"}',
        '{"live_status": "is_upcoming"}',
        '{"live_status": "post_live"}',
    ],
)
def test_what_is_live_is_told(about: str) -> None:
    """Live, announced, or so lately live that there is no recording yet."""
    assert told(f"telecine-about {about}")[0].is_live


def test_a_recording_is_not_live() -> None:
    """It was, once."""
    report, _ = told('telecine-about {"duration": 61.5, "live_status": "was_live", "is_live": false}')
    assert (report.is_live, report.duration_s) == (False, 61.5)


@pytest.mark.parametrize(
    ("rest", "title"), [('{"title": "A day\\nout"}', "A day\nout"), ("{}", None), ('{"title": "cut o', None)]
)
def test_the_end_brings_the_title(rest: str, title: str | None) -> None:
    """A title that is too long for a line is none; the video is there all the same."""
    report, _ = told(f"telecine-done {rest}")
    assert (report.is_done, report.title) == (True, title)


def test_a_file_that_would_be_too_large_is_told() -> None:
    """It is said in passing, with no error."""
    line = "\r[download] File is larger than max-filesize (10000000000 bytes > 2000000 bytes). Aborting."
    assert told(line)[0].is_too_large
