"""Reading ffmpeg's progress."""

from adapters.ffmpeg.progress import Progress


def test_progress_is_the_time_written_in_percent() -> None:
    """It only rises: N/A, negative and repeated times are ignored."""
    reported: list[float] = []
    progress = Progress(10.0, reported.append)
    for line in ("frame=1", "out_time_us=N/A", "out_time_us=-21333", "out_time_us=2500000", "out_time_us=2500000"):
        progress(line)
    progress("out_time_us=1000000")
    progress("out_time_us=99000000")
    assert reported == [25.0, 100.0]
