"""Chunks of audio as a transcriber receives them: 16-bit mono WAV at 16 kHz."""

import array
import subprocess
import wave
from collections.abc import Iterable
from itertools import repeat
from pathlib import Path

SAMPLE_RATE = 16_000


def write_wav(path: Path, samples: Iterable[int], *, sample_rate: int = SAMPLE_RATE, channels: int = 1) -> Path:
    """A WAV file of these samples."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(sample_rate)
        sound.writeframes(array.array("h", samples).tobytes())
    return path


def write_silence(path: Path, *, duration_s: int) -> Path:
    """A WAV file in which every sample is zero."""
    return write_wav(path, repeat(0, duration_s * SAMPLE_RATE))


def write_speech(path: Path, text: str) -> Path:
    """A WAV file in which ffmpeg's speech synthesiser says the text."""
    source = f"flite=text='{text}':voice=slt"
    argv = ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source]
    subprocess.run([*argv, "-ar", str(SAMPLE_RATE), "-ac", "1", "-c:a", "pcm_s16le", str(path)], check=True)
    return path
