"""The filter graphs that extract and measure speech."""

from dataclasses import replace

import pytest

from adapters.ffmpeg.speech_filters import measured_signals, speech_graph
from domain.model.media.media_info import AudioTrack, MediaInfo
from domain.model.transcripts.speech_source import SpeechSource

MEDIA = MediaInfo("mov", 10.0, 64, 64, 25.0, "h264", "aac", 2, 1000, sound=AudioTrack(3, 2, 48_000, layout="stereo"))
SURROUND = replace(MEDIA, sound=AudioTrack(3, 6, 48_000, layout="5.1(side)"))


@pytest.mark.parametrize(
    ("layout", "channels", "expected"),
    [
        *(("mono", 1, ()), ("1 channels (FL)", 1, ()), ("2 channels (FL+FC)", 2, ())),
        *(("stereo", 2, ("sides",)), ("", 2, ("sides",)), ("quad", 4, ("sides",)), ("ambisonic 1", 4, ("sides",))),
        *(("5.1(side)", 6, ("sides", "centre")), ("7.1", 8, ("sides", "centre")), ("3.0", 3, ("sides", "centre"))),
        ("3 channels (FL+FR+FC)", 3, ("sides", "centre")),
    ],
)
def test_only_what_differs_is_measured(layout: str, channels: int, expected: tuple[str, ...]) -> None:
    """Mono has one signal."""
    assert measured_signals(AudioTrack(channels=channels, layout=layout)) == expected


def test_without_a_measurement_nothing_is_split() -> None:
    """But for the silences."""
    graph = speech_graph(MEDIA, SpeechSource.RIGHT, ())
    assert graph.startswith("[0:3]aresample=16000:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo")
    assert "pan=mono|c0=c1,apad=whole_dur=10.000000,atrim=end=10.000000,asplit[speech][level];" in graph
    assert graph.endswith("silencedetect=noise=-30dB:duration=0.25[levelled]")


def test_the_layout_is_fixed_before_the_branches() -> None:
    """Otherwise ffmpeg would mix the channels for all branches as for one of them."""
    graph = speech_graph(SURROUND, SpeechSource.MIX, ("sides", "centre"))
    assert "aformat=sample_fmts=fltp:channel_layouts=5.1(side),asplit=3[heard][sides][centre];" in graph
    assert "[centre]pan=mono|c0=c2,highpass" in graph
    listed = replace(MEDIA, sound=AudioTrack(3, 3, 48_000, layout="3 channels (FL+FR+FC)"))
    assert "channel_layouts=FL+FR+FC,pan=mono|c0=c2," in speech_graph(listed, SpeechSource.CENTRE, ())
