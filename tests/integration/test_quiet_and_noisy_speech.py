"""Speech detection in recordings that are not loud and clean, by the real ffmpeg."""

from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.transcripts.speech_intervals import speech_between
from tests.media import make

AUDIBLE = ((0.0, 0.5), (1.0, 1.5))
VOICE = make.tones(AUDIBLE)
TOLERANCE_S = 0.1


@pytest.mark.anyio
@pytest.mark.parametrize(
    "sound",
    [
        f"{VOICE},volume=-40dB",
        f"{VOICE},volume=-25dB[voice];anoisesrc=color=pink:amplitude=0.001:seed=1[noise];[voice][noise]amix=normalize=0",
        f"{VOICE}[voice];sine=frequency=50:sample_rate=48000,volume=-10dB[hum];[voice][hum]amix=normalize=0",
    ],
    ids=["quiet", "quiet, with a hiss", "loud, with a hum"],
)
async def test_speech_is_found_at_any_level(sound: str, tmp_path: Path) -> None:
    """Relative to the level around it: without that, quiet speech counts as silence, and hum as speech."""
    transcoder = FFmpegTranscoder()
    source = make.video(tmp_path / "speech.mkv", duration_s=2.5, width=64, height=64, frame_rate=5, sound=sound)
    media = await transcoder.probe(source)
    silences = await transcoder.extract_audio(source, tmp_path / "audio.ogg", media=media)
    found = speech_between(silences, media.duration_s)
    assert [moment_s for each in found for moment_s in (each.start_s, each.end_s)] == pytest.approx(
        [moment_s for interval in AUDIBLE for moment_s in interval], abs=TOLERANCE_S
    )
