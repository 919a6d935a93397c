"""Speech is taken from where it is, by the real ffmpeg."""

from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.transcripts.speech_intervals import Interval, speech_between
from tests.media import make
from tests.media.tracks import PCM, with_sounds
from tests.unit.adapters.ffmpeg.film import film

pytestmark = pytest.mark.anyio

DURATION_S = 6.0
VOICE = (
    "flite=voice=slt:text='The quick brown fox jumps over the lazy dog.',aresample=48000,adelay=1500,apad=whole_dur=6"
)
MUSIC = "aevalsrc='0.3*(sin(1382*t)+sin(1740*t)+sin(2073*t)+sin(4146*t))*(0.5+0.5*exp(-4*mod(t,0.5)))':s=48000:d=6"
CODING = ("-map", "0", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac")
# The sentence lasts for 2.6 s.
SPOKEN_S = (1.5, 4.2)
TOLERANCE_S = 0.4


def joined(layout: str, *channels: str) -> str:
    """The graph of these channels, each made of the voice `v` and the music `m`."""
    places = "|".join(f"{place}.0-{name}" for place, name in enumerate(layout.split("+")))
    inputs = "".join(f"[c{place}]" for place in range(len(channels)))
    made = ";".join(f"{channel}[c{place}]" for place, channel in enumerate(channels))
    names = {"FL+FR": "stereo", "FL+FR+FC+LFE+BL+BR": "5.1"}[layout]
    return f"{made};{inputs}join=inputs={len(channels)}:channel_layout={names}:map={places}"


def names_in(folder: Path) -> list[str]:
    """The names of the files, of which none may be left over."""
    return sorted(path.name for path in folder.iterdir())


async def speech_of(folder: Path, sound: str) -> tuple[Interval, ...]:
    """The intervals in which speech was found."""
    source = film(folder / "source.mkv", "color=s=64x64:r=5:d=6", sound, options=CODING[2:])
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    audio = folder / "audio.ogg"
    silences = await transcoder.extract_audio(source, audio, media=media)
    assert names_in(folder) == ["audio.ogg", "source.mkv"]
    return speech_between(silences, media.duration_s)


@pytest.mark.parametrize(
    "sound",
    [
        joined("FL+FR", VOICE, MUSIC),
        joined("FL+FR", MUSIC, VOICE),
        joined("FL+FR", VOICE, f"{VOICE},volume=-1"),
        joined("FL+FR+FC+LFE+BL+BR", MUSIC, MUSIC, f"{VOICE},volume=0.3", "anullsrc=r=48000:cl=mono:d=6", MUSIC, MUSIC),
    ],
    ids=["left", "right", "cancelling", "centre"],
)
async def test_speech_is_heard_where_it_is(tmp_path: Path, sound: str) -> None:
    """In the mix there would be music throughout, or silence."""
    found = await speech_of(tmp_path, sound)
    assert (found[0].start_s, found[-1].end_s) == pytest.approx(SPOKEN_S, abs=TOLERANCE_S)


async def test_two_speakers_in_turn_are_both_heard(tmp_path: Path) -> None:
    """Each has a channel."""
    first, second = make.tones([(0.5, 2)]), make.tones([(3.5, 5)])
    found = await speech_of(tmp_path, joined("FL+FR", f"{first}:d=6", f"{second}:d=6"))
    assert [moment for each in found for moment in (each.start_s, each.end_s)] == pytest.approx(
        [0.5, 2, 3.5, 5], abs=0.1
    )


@pytest.mark.parametrize("duration_s", [0.04, 0.4])
async def test_a_moment_of_stereo_can_be_extracted(tmp_path: Path, duration_s: float) -> None:
    """It is too short to measure where speech is clearest."""
    sound = f"sine=d={duration_s},aformat=channel_layouts=stereo"
    source = film(tmp_path / "source.mkv", f"color=s=64x64:r=25:d={duration_s}", sound, options=CODING[2:])
    transcoder, target = FFmpegTranscoder(), tmp_path / "audio.ogg"
    await transcoder.extract_audio(source, target, media=await transcoder.probe(source))
    assert target.stat().st_size > 0


async def test_two_microphones_are_both_heard(tmp_path: Path) -> None:
    """Each has a track."""
    first, second = (f"{make.tones([spoken])}:d=6" for spoken in ((0.5, 2.0), (3.5, 5.0)))
    source = with_sounds(tmp_path / "source.mov", (first, second), *PCM, picture="color=s=64x64:r=5:d=6")
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    silences = await transcoder.extract_audio(source, tmp_path / "audio.ogg", media=media)
    found = [moment for each in speech_between(silences, 6.0) for moment in (each.start_s, each.end_s)]
    assert (media.sound.right_index, found) == (2, pytest.approx([0.5, 2, 3.5, 5], abs=0.1))
