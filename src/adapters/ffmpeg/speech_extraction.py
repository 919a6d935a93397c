"""Extracts the speech of a file: decodes its sound once, and again only if speech is clearer in one of its channels."""

import array
import asyncio
from pathlib import Path

from adapters.ffmpeg import arguments
from adapters.ffmpeg.errors import check_worked
from adapters.ffmpeg.progress import Progress
from adapters.ffmpeg.runner import Runner
from adapters.ffmpeg.silences import Silences
from adapters.ffmpeg.speech_filters import MEASURED, measured_signals
from adapters.sandbox.limits import Allowance
from domain.model.media.media_info import MediaInfo
from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.speech_source import ENVELOPE_RATE_HZ, SpeechSource, speech_source


async def extract_speech(
    runner: Runner, source: Path, target: Path, *, media: MediaInfo, allowance: Allowance
) -> tuple[Interval, ...]:
    """Write the speech to the target, and return its silences.

    Raises:
        CompressionFailed: the track could not be decoded.
        Unavailable: ffmpeg could not be run.
    """
    envelopes = {label: target.with_name(f"{target.name}.{label}") for label in measured_signals(media.sound)}
    silences = await _run(runner, source, target, media, allowance, SpeechSource.MIX, envelopes)
    chosen = await asyncio.to_thread(_chosen, envelopes, int(media.duration_s * ENVELOPE_RATE_HZ))
    if chosen is SpeechSource.MIX:
        return silences
    return await _run(runner, source, target, media, allowance, chosen, {})


async def _run(
    runner: Runner,
    source: Path,
    target: Path,
    media: MediaInfo,
    allowance: Allowance,
    heard: SpeechSource,
    envelopes: dict[str, Path],
) -> tuple[Interval, ...]:
    silences = Silences()
    argv = arguments.extracting(source, target, media=media, heard=heard, envelopes=envelopes)
    check_worked(await runner.run_ffmpeg(argv, target, allowance, Progress(media.duration_s), on_error=silences))
    return silences.clipped_to(media.duration_s)


def _chosen(envelopes: dict[str, Path], length: int) -> SpeechSource:
    """The signal with the clearest speech in this number of values; the files with the envelopes are deleted."""
    powers: dict[SpeechSource, array.array[float]] = {}
    for label, path in envelopes.items():
        values = array.array("f")
        content = path.read_bytes()
        path.unlink()
        channels = len(MEASURED[label])
        width = values.itemsize * channels
        values.frombytes(content[: len(content) // width * width])
        powers |= {source: values[place : length * channels : channels] for place, source in enumerate(MEASURED[label])}
    return speech_source(powers)
