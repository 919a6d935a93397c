"""Reads a chunk of speech to be sent in a request."""

import wave
from io import BytesIO
from pathlib import Path

from domain.model.errors import Rejected, Unavailable

MAX_CHUNK_BYTES = 25 * 1024 * 1024


def read_chunk(chunk: Path) -> bytes:
    """The content of the WAV file, or empty bytes if every sample is zero.

    Raises:
        Rejected: `transcription_rejected`, the file is over 25 MiB (OpenAI's limit) or not WAV.
        Unavailable: `chunk_unreadable`, the file is missing, or the disk failed.
    """
    try:
        with chunk.open("rb") as stream:
            content = stream.read(MAX_CHUNK_BYTES + 1)
    except OSError as error:
        raise Unavailable("The chunk of audio could not be read.", code="chunk_unreadable") from error
    if len(content) > MAX_CHUNK_BYTES:
        raise Rejected("The chunk of audio is larger than 25 MiB.", code="transcription_rejected")
    return b"" if _is_silent(content) else content


def _is_silent(content: bytes) -> bool:
    try:
        with wave.open(BytesIO(content)) as samples:
            return not any(samples.readframes(samples.getnframes()))
    except (wave.Error, EOFError) as error:
        raise Rejected("The chunk of audio is not a WAV file.", code="transcription_rejected") from error
