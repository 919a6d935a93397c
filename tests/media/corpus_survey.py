"""Inputs whose packets say something else than their headers: false durations, jumps, several recordings in a row."""

from collections.abc import Callable

from tests.media import survey
from tests.media.expected import ENCODED, ORIGINAL, PARTLY_TRUNCATED, REMUXED, Input, beside, completed, plain

PARTLY_USED = completed(ORIGINAL, "source_partly_used")
# Browsers can't play these originals.
PARTLY_USED_BESIDE = beside(ENCODED, "source_partly_used")

_CHANGES: dict[str, Callable[[int], int]] = {
    "0": lambda _: 0,
    "half": lambda n: n // 2,
    "double": lambda n: 2 * n,
    "max": lambda _: 2**32 - 1,
}
_KINDS = (("mvhd",), ("mdhd",), ("elst",), ("mvhd", "tkhd", "mdhd"), ("mvhd", "tkhd", "mdhd", "elst"))

_FALSE_DURATIONS = tuple(
    Input(
        f"{'-'.join(kinds)}-{name}.mp4",
        f"4 s; {', '.join(kinds)} claim {name}",
        plain(survey.claiming, kinds, change),
        completed(),
        is_extra=(kinds, name) not in {(_KINDS[0], "0"), (_KINDS[-1], "max")},
    )
    for kinds in _KINDS
    for name, change in _CHANGES.items()
)

_IN_A_ROW = (
    Input("row.ts", "two transport streams in a row", plain(survey.in_a_row), completed()),
    Input("row.mpg", "two program streams in a row", plain(survey.in_a_row), completed(), is_extra=True),
    Input("row.mkv", "two Matroska files in a row", plain(survey.in_a_row), completed(), is_extra=True),
    Input("row.webm", "two WebM files in a row", plain(survey.in_a_row), completed(), is_extra=True),
    Input("three.webm", "three WebM files in a row", plain(survey.in_a_row, count=3), PARTLY_USED, is_extra=True),
    Input("live-row.webm", "two browser recordings in a row", plain(survey.live_in_a_row), completed(), is_extra=True),
    Input("row.avi", "two AVI files in a row", plain(survey.in_a_row), completed(), is_extra=True),
    Input("row.mp4", "two MP4 files in a row", plain(survey.in_a_row), PARTLY_USED),
    Input(
        "fragments-row.mp4",
        "two fragmented MP4 files in a row",
        plain(survey.fragments_in_a_row),
        PARTLY_USED,
        is_extra=True,
    ),
    Input("row.flv", "two FLV files in a row", plain(survey.in_a_row), PARTLY_USED_BESIDE),
    Input(
        "row.ogv",
        "two Ogg files in a row, Theora and Vorbis",
        plain(survey.in_a_row),
        PARTLY_USED_BESIDE,
        is_extra=True,
    ),
    Input("opus-row.ogv", "two Ogg files in a row, Theora and Opus", plain(survey.opus_in_a_row), PARTLY_USED_BESIDE),
    Input(
        "other-tracks.ts",
        "the second recording has other packet ids",
        plain(survey.in_other_tracks),
        PARTLY_USED_BESIDE,
        is_extra=True,
    ),
)

_TIMES = (
    Input("jump.ts", "the clock jumps by 30 s", plain(survey.with_clock_at, 33), completed()),
    Input("wrap.ts", "the clock wraps at 26.5 h", plain(survey.with_clock_at, 95_442), completed(), is_extra=True),
    Input(
        "live.mp4", "segments from the middle of a live stream", plain(survey.from_the_middle_of_a_stream), completed()
    ),
    Input("torn.ts", "begins between two key frames", plain(survey.between_two_key_frames), completed(), is_extra=True),
    Input("split.mkv", "the second part of a split file", plain(survey.split), completed()),
    Input(
        "still.mp4", "the last frame is held for 10 s", plain(survey.with_still_end, has_sound=True), completed(REMUXED)
    ),
    Input(
        "still-mute.mp4",
        "the last frame is held for 10 s, without sound",
        plain(survey.with_still_end, has_sound=False),
        completed(),
        is_extra=True,
    ),
    Input("still.mkv", "the picture ends early", plain(survey.with_sound_until, 9, 2), completed(), is_extra=True),
    Input("early.webm", "the sound ends early", plain(survey.with_sound_until, 2, 5), completed(), is_extra=True),
    Input("early.mkv", "the sound ends early", plain(survey.with_sound_until, 2, 5), completed()),
)

_BYTES = (
    Input("trimmed-away.mp4", "an edit list hides most of the file", plain(survey.trimmed_on_purpose), completed()),
    Input("preallocated.mp4", "zeros behind the recording", plain(survey.preallocated), completed(), is_extra=True),
    Input("download.mkv", "zeros in place of the second half", plain(survey.half_downloaded), PARTLY_TRUNCATED),
    Input(
        "behind.mp4",
        "200 kB of other bytes behind the recording",
        plain(survey.followed_by_noise),
        PARTLY_USED,
        is_extra=True,
    ),
    Input("font.mkv", "a large attachment", plain(survey.with_large_attachment), completed(), is_extra=True),
)

SURVEY: tuple[Input, ...] = (*_FALSE_DURATIONS, *_IN_A_ROW, *_TIMES, *_BYTES)
