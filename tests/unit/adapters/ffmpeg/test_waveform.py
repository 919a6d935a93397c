"""The waveform of sound alone, drawn by ffmpeg."""

from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.ffmpeg.waveform import HEIGHT, WIDTH, waveform_filter
from tests.media import audio, make
from tests.support.builders import a_media_info

pytestmark = pytest.mark.anyio

LIGHT = 100


async def drawn(source: Path) -> list[int]:
    """The height of the bar in the middle of each eighth of the waveform, in pixels."""
    transcoder, poster = FFmpegTranscoder(), source.with_name("poster.jpg")
    await transcoder.poster(source, poster, media=await transcoder.probe(source))
    conversion = ("-f", "mjpeg", "-i", str(poster), "-pix_fmt", "gray", "-f", "rawvideo")
    raw = make.ffmpeg(source.with_name("poster.gray"), *conversion)
    pixels = raw.read_bytes()
    assert len(pixels) == WIDTH * HEIGHT
    # Six pixels from the left edge of a bar of eight: the gap is on its left.
    columns = [WIDTH // 8 * eighth + WIDTH // 16 + 6 for eighth in range(8)]
    return [sum(pixel > LIGHT for pixel in pixels[column::WIDTH]) for column in columns]


async def test_bars_show_the_loudness_over_time(tmp_path: Path) -> None:
    """Loud, silent, quiet, loud; a line remains of silence."""
    loudness = "if(lt(t,2),0.5,if(lt(t,4),0,if(lt(t,6),0.02,0.5)))"
    sound = f"aevalsrc='({loudness})*sin(880*PI*t)':d=8:s=48000"
    bars = await drawn(audio.recorded(tmp_path / "sound.m4a", "-c:a", "aac", sound=sound))
    loud, silent, quiet = bars[0], bars[2], bars[4]
    assert 1 <= silent <= 4
    assert silent + 10 < quiet < loud / 2
    assert bars[1] == pytest.approx(loud, rel=0.05)
    assert bars[7] == pytest.approx(loud, rel=0.05)


async def test_channels_of_opposite_phase_do_not_cancel_each_other(tmp_path: Path) -> None:
    """A mix of them would be silence."""
    sound = "aevalsrc='0.5*sin(880*PI*t)|-0.5*sin(880*PI*t)':d=2:s=48000"
    bars = await drawn(audio.recorded(tmp_path / "sound.m4a", "-c:a", "aac", "-b:a", "256k", sound=sound))
    assert min(bars) > HEIGHT / 4


@pytest.mark.any_ffmpeg
async def test_a_slow_waveform_is_not_a_stall(tmp_path: Path) -> None:
    """The run writes nothing before its end, so no progress is expected."""
    source = audio.recorded(tmp_path / "sound.m4a", "-c:a", "aac", sound="sine=d=60")
    impatient, poster = FFmpegTranscoder(stall_s=0.001), tmp_path / "poster.jpg"
    await impatient.poster(source, poster, media=await impatient.probe(source))
    assert poster.stat().st_size > 0


@pytest.mark.parametrize(("duration_s", "rate_hz"), [(0.3, 8000), (100.0, 8000), (1000.0, 1000), (86_400.0, 100)])
def test_long_recordings_are_reduced_to_few_samples(duration_s: float, rate_hz: int) -> None:
    """Memory does not grow with the duration."""
    filters = waveform_filter(a_media_info(video_codec=None, duration_s=duration_s)).split(",")
    assert [each for each in filters if each.startswith("aresample")] == ["aresample=8000", f"aresample={rate_hz}"]
