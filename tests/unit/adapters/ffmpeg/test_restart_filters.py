"""Several recordings in a row, and held frames, in a rendition."""

from pathlib import Path

import pytest

from adapters.ffmpeg.restart_filters import held_frame, picture_restarts, sound_restarts
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.media.packet_survey import PacketSurvey, TrackPackets
from tests.media import survey
from tests.media.make import encoded
from tests.support.builders import a_media_info
from tests.unit.adapters.ffmpeg.film import beeps_s, flashes_s, picture_count, rendition_of, stream

pytestmark = pytest.mark.anyio


def test_an_ordinary_file_needs_no_filter() -> None:
    """Nor does a file of our own."""
    media = a_media_info(packets=PacketSurvey((TrackPackets(0, 100, 0.0, 4.0), TrackPackets(1, 100, 0.0, 4.0))))
    assert picture_restarts(media) == sound_restarts(media, 1) == []
    assert picture_restarts(a_media_info()) == sound_restarts(a_media_info(), 1) == []
    assert held_frame(media, 30.0) == held_frame(a_media_info(), 30.0) == []


def test_each_restart_adds_to_the_shift() -> None:
    """The expression adds the differences."""
    packets = PacketSurvey((TrackPackets(0, 100, 0.0, 9.0, shifts_s=(4.0, 6.5)),))
    (expression,) = picture_restarts(a_media_info(packets=packets))
    assert "gte(ld(0),1)*4.000000+gte(ld(0),2)*2.500000" in expression


def flashing(target: Path, at_s: float) -> Path:
    """Two seconds of 25 frames each, with a flash and a beep at this time."""
    lit = f"between(t,{at_s},{at_s}+0.2)"
    picture = f"color=black:s=96x64:r=25:d=2,geq=lum='if(between(T,{at_s},{at_s}+0.2),235,16)':cb=128:cr=128"
    sound = f"aevalsrc='0.5*sin(2*PI*1000*t)*{lit}':s=48000:d=2"
    codecs = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")
    return encoded(target, [picture, sound], codecs)


async def test_picture_and_sound_stay_in_sync_behind_a_joint(tmp_path: Path) -> None:
    """The rendition has both recordings."""
    parts = [flashing(tmp_path / f"{n}.webm", at_s) for n, at_s in enumerate((0.6, 1.2))]
    source = tmp_path / "source.webm"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    made = await rendition_of(source)
    assert made.rendition.duration_s == pytest.approx(4.0, abs=0.1)
    flashes, beeps = flashes_s(made.path), beeps_s(made.path)
    assert flashes == pytest.approx([0.6, 3.2], abs=0.08)
    assert beeps == pytest.approx(flashes, abs=0.06)


async def test_the_speech_track_has_both_recordings(tmp_path: Path) -> None:
    """Captions belong to the whole rendition."""
    parts = [flashing(tmp_path / f"{n}.webm", at_s) for n, at_s in enumerate((0.6, 1.2))]
    source, audio = tmp_path / "source.webm", tmp_path / "audio.ogg"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    await transcoder.extract_audio(source, audio, media=media)
    assert beeps_s(audio) == pytest.approx([0.6, 3.2], abs=0.08)


@pytest.mark.parametrize("has_sound", [True, False])
async def test_a_held_frame_is_shown_to_its_end(tmp_path: Path, *, has_sound: bool) -> None:
    """The picture of the rendition has the length of the source's."""
    source = survey.with_still_end(tmp_path / "source.mp4", has_sound=has_sound)
    made = await rendition_of(source)
    assert made.source.duration_s == pytest.approx(12.0, abs=0.1)
    assert float(stream(made.path)["duration"]) == pytest.approx(12.0, abs=0.1)


async def test_no_frame_before_a_held_one_is_dropped(tmp_path: Path) -> None:
    """A film between slides has far more frames per second than the mean says."""
    source = survey.with_still_end(tmp_path / "source.mp4", has_sound=True, slides_s=15.0)
    made = await rendition_of(source)
    assert made.source.frame_rate < 2
    assert made.rendition.picture.duration_s == pytest.approx(42.0, abs=0.1)
    assert picture_count(made.path, start_s=30.1, end_s=31.8) >= 40


async def test_a_slide_is_shown_to_the_end_of_the_sound(tmp_path: Path) -> None:
    """Also at one frame per second, where ffmpeg 7 would show the last frame for no time."""
    slides = tmp_path / "slides.mkv"
    encoded(slides, ["testsrc2=s=96x64:r=1:d=2", "sine=d=9"], ["-c:v", "libx264", "-c:a", "aac"])
    made = await rendition_of(slides)
    assert made.rendition.picture.duration_s == pytest.approx(9.0, abs=0.1)
    assert made.rendition.duration_s == pytest.approx(9.0, abs=0.1)
