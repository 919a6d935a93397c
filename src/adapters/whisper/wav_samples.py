"""Reads a chunk of speech as samples, so that the model's library does not decode files itself."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.model.errors import Rejected, Unavailable

SAMPLE_RATE = 16_000

_FULL_SCALE = 32_768
_SAMPLE_BYTES = 2


def read_samples(chunk: Path) -> NDArray[np.float32]:
    """The samples of a 16-bit mono 16 kHz WAV file, from -1 to 1.

    Raises:
        Rejected: `transcription_rejected`, the file is something else.
        Unavailable: `chunk_unreadable`, the file is missing, or the disk failed.
    """
    try:
        with wave.open(str(chunk)) as audio:
            shape = (audio.getnchannels(), audio.getsampwidth(), audio.getframerate())
            frames = audio.readframes(audio.getnframes())
    except (wave.Error, EOFError) as error:
        raise Rejected("The chunk of audio is not a WAV file.", code="transcription_rejected") from error
    except OSError as error:
        raise Unavailable("The chunk of audio could not be read.", code="chunk_unreadable") from error
    if shape != (1, _SAMPLE_BYTES, SAMPLE_RATE):
        raise Rejected("The chunk of audio is not 16-bit mono at 16 kHz.", code="transcription_rejected")
    whole = len(frames) - len(frames) % _SAMPLE_BYTES
    return np.frombuffer(frames[:whole], dtype="<i2").astype(np.float32) / np.float32(_FULL_SCALE)
