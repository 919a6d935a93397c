import re

import pytest
from hypothesis import given

from domain.model.captions.writers import to_srt, to_text, to_vtt
from domain.model.transcripts.cues import cues_of_text, without_overlap
from domain.model.transcripts.speech_intervals import Interval
from tests.support.builders import a_cue
from tests.unit.model.transcripts.test_cues import speech_intervals, texts

VTT_TIMING = re.compile(r"^\d{2,}:\d\d:\d\d\.\d{3} --> \d{2,}:\d\d:\d\d\.\d{3}$", re.MULTILINE)
SRT_TIMING = re.compile(r"^\d{2,}:\d\d:\d\d,\d{3} --> \d{2,}:\d\d:\d\d,\d{3}$", re.MULTILINE)


def test_vtt_is_a_header_and_blocks() -> None:
    """The bytes are exactly what players read."""
    cues = [a_cue(0.0, 1.5, "Hello."), a_cue(2.0, 3.25, "There.")]
    assert to_vtt(cues) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello.\n\n00:00:02.000 --> 00:00:03.250\nThere.\n"
    )


def test_srt_is_numbered_from_1_with_commas() -> None:
    """The bytes are exactly what players read."""
    cues = [a_cue(0.0, 1.5, "Hello."), a_cue(2.0, 3.25, "There.")]
    assert to_srt(cues) == ("1\n00:00:00,000 --> 00:00:01,500\nHello.\n\n2\n00:00:02,000 --> 00:00:03,250\nThere.\n")


def test_text_is_one_cue_a_line() -> None:
    """The text has no times and is not wrapped."""
    assert to_text([a_cue(text="Hello."), a_cue(text="There.")]) == "Hello.\nThere.\n"


def test_no_cues_make_valid_files() -> None:
    """A silent video has captions too, which are empty."""
    assert (to_vtt([]), to_srt([]), to_text([])) == ("WEBVTT\n", "", "")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a --> b", "a --&gt; b"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("Q&A", "Q&amp;A"),
        ("&lt;", "&amp;lt;"),
        ('"it\'s"', '"it\'s"'),
    ],
)
def test_vtt_text_never_looks_like_a_tag_or_an_arrow(text: str, escaped: str) -> None:
    """Only the three characters that the specification names are escaped."""
    assert to_vtt([a_cue(text=text)]).splitlines()[-1] == escaped


@pytest.mark.parametrize(
    ("moment_s", "stamp"),
    [
        (0.0005, "00:00:00.000"),
        (0.0015, "00:00:00.002"),
        (59.9996, "00:01:00.000"),
        (3599.9996, "01:00:00.000"),
        (3661.001, "01:01:01.001"),
        (4 * 3600.0, "04:00:00.000"),
        (100 * 3600.0, "100:00:00.000"),
    ],
)
def test_time_stamps_carry_over_the_minute_and_the_hour(moment_s: float, stamp: str) -> None:
    """Rounding to the millisecond never shows 60 seconds."""
    assert f"{stamp} --> " in to_vtt([a_cue(moment_s, moment_s + 1)])


def test_two_lines_of_a_cue_stay_one_block() -> None:
    """A blank line would end the cue."""
    cue = a_cue(text="We went down to the sea and then we came back up the hill.")
    assert "sea and\nthen we" in to_vtt([cue])
    assert "sea and\nthen we" in to_srt([cue])


def test_srt_text_never_looks_like_a_timing() -> None:
    """SubRip has no escapes, so the arrow is shortened."""
    assert to_srt([a_cue(text="0:0:1,000 --> 0:0:2,000")]).count("-->") == 1


@given(texts, speech_intervals())
def test_files_hold_one_timing_a_cue_whatever_is_said(text: str, speech: tuple[Interval, ...]) -> None:
    """No text adds a block, a header or a timing."""
    cues = without_overlap(cues_of_text(text, speech))
    vtt, srt = to_vtt(cues), to_srt(cues)
    assert len(VTT_TIMING.findall(vtt)) == vtt.count("-->") == len(cues)
    assert len(vtt.split("\n\n")) == len(cues) + 1
    assert len(SRT_TIMING.findall(srt)) == len(cues)
    blocks = [block for block in srt.split("\n\n") if block]
    assert [block.split("\n")[0] for block in blocks] == [str(number) for number, _ in enumerate(cues, start=1)]
    assert to_text(cues).count("\n") == len(cues)
