"""Parsing yt-dlp's output."""

import pytest

from adapters.ytdlp.output import Report

TWO_STREAMS = (
    'telecine-streams [{"format_id": "137", "filesize": 750, "filesize_approx": 700}, '
    '{"format_id": "140", "filesize": null, "filesize_approx": 250}]'
)


def parsed(*lines: str) -> tuple[Report, list[float]]:
    """The report after these lines, and the progress that it has reported."""
    percents: list[float] = []
    report = Report(percents.append)
    for line in lines:
        report(line)
    return report, percents


def test_a_single_stream_goes_from_nothing_to_all() -> None:
    """By its size or its estimated size."""
    _, percents = parsed(
        "[youtube] Extracting URL",
        "telecine-progress 10 100 NA 18",
        "telecine-progress 50 NA 100.0 18",
        "telecine-progress 120 100 NA 18",
    )
    assert percents == [10.0, 50.0, 100.0]


def test_two_streams_share_the_progress_by_their_sizes() -> None:
    """The sound begins where the picture has ended."""
    _, percents = parsed(TWO_STREAMS, "telecine-progress 375 750 NA 137", "telecine-progress 125 250 NA 140")
    assert percents == [37.5, 87.5]


def test_streams_of_unknown_size_count_alike() -> None:
    """An estimate is better than no progress."""
    streams = 'telecine-streams [{"format_id": "a", "filesize": 9}, {"format_id": "b"}]'
    assert parsed(streams, "telecine-progress 1 2 NA b")[1] == [75.0]


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
def test_unreadable_lines_are_ignored(line: str) -> None:
    """Progress is optional."""
    report, percents = parsed(line)
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
def test_a_live_video_is_reported(about: str) -> None:
    """Live, announced, or live so recently that there is no recording yet."""
    assert parsed(f"telecine-about {about}")[0].is_live


def test_a_recording_is_not_live() -> None:
    """It was live once."""
    report, _ = parsed('telecine-about {"duration": 61.5, "live_status": "was_live", "is_live": false}')
    assert (report.is_live, report.duration_s) == (False, 61.5)


@pytest.mark.parametrize(
    ("rest", "title"), [('{"title": "A day\\nout"}', "A day\nout"), ("{}", None), ('{"title": "cut o', None)]
)
def test_the_end_brings_the_title(rest: str, title: str | None) -> None:
    """A title that is too long for a line is dropped; the video is complete all the same."""
    report, _ = parsed(f"telecine-done {rest}")
    assert (report.is_done, report.title) == (True, title)


def test_a_file_that_would_be_too_large_is_reported() -> None:
    """yt-dlp prints this as a message, not as an error."""
    line = "\r[download] File is larger than max-filesize (10000000000 bytes > 2000000 bytes). Aborting."
    assert parsed(line)[0].is_too_large
