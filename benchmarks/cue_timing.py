"""The error of caption start times, with each kind of transcription server."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

import msgspec
from tests.media.speech import Recording, spoken, starting_errors_s, words_between
from tests.services.transcription_server import Answer, in_json, running_transcription_server

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.openai.config import OpenAIConfig, ResponseFormat
from adapters.openai.transcriber import open_transcriber
from adapters.system.clock import SystemClock
from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import SpeechEngine, load_engine
from benchmarks.figures import Figure, figure
from benchmarks.scale import Outcome, Scale
from domain.model.ids import VideoId
from domain.model.transcripts.speech_intervals import AudioSpan, plan_spans, speech_between
from domain.model.transcripts.transcript import ChunkTranscript, assemble

MEDIAN_S, P90_S = 0.3, 1.0
SEEDS = (1, 2, 3)

Recognize = Callable[[Path, AudioSpan], Answer]
"""Returns the server's response to a chunk."""
Transcribed = list[tuple[AudioSpan, ChunkTranscript]]


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """The errors of the cues of one recording, with one kind of server."""

    server: str
    seed: int
    sentences: int
    cues: int
    errors_s: list[float]


def run(scale: Scale, folder: Path) -> Outcome:
    """Transcribe the same recordings with each kind of server."""
    folder.mkdir(exist_ok=True)
    measured = asyncio.run(_measured(folder, SEEDS[: scale.upload_rounds]))
    figures = [each for server in SERVERS for each in _figures(server, measured)]
    return Outcome(figures, {"captions": msgspec.to_builtins(measured)})


async def _measured(folder: Path, seeds: Sequence[int]) -> list[Measurement]:
    engine = load_engine(WhisperConfig(model="tiny.en"))
    measured: list[Measurement] = []
    for seed in seeds:
        recording = spoken(folder / f"{seed}.mkv", seed=seed)
        spans = await _spans(recording, folder)
        for server, (answer_format, make_recognizer) in SERVERS.items():
            transcribed = await _transcribed(spans, answer_format, make_recognizer(engine, recording))
            cues = assemble(VideoId("7d444840-9dc0-11d1-b245-5ffdce74fad2"), transcribed).cues
            sentences = sum(phrase.begins_sentence for phrase in recording.phrases)
            errors_s = starting_errors_s(recording.phrases, cues)
            measured.append(
                Measurement(server=server, seed=seed, sentences=sentences, cues=len(cues), errors_s=errors_s)
            )
    return measured


async def _spans(recording: Recording, folder: Path) -> list[tuple[AudioSpan, Path]]:
    """Extract and cut the chunks, as a worker does."""
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(recording.path)
    audio = folder / "audio.ogg"
    silences = await transcoder.extract_audio(recording.path, audio, media=media)
    spans = plan_spans(speech_between(silences, media.duration_s), media.duration_s)
    chunks: list[tuple[AudioSpan, Path]] = []
    for number, span in enumerate(spans):
        chunk = folder / f"{recording.path.stem}-{number}.wav"
        await transcoder.cut_audio(audio, chunk, span=span)
        chunks.append((span, chunk))
    return chunks


async def _transcribed(
    chunks: Sequence[tuple[AudioSpan, Path]], answer_format: ResponseFormat, recognize: Recognize
) -> Transcribed:
    with running_transcription_server() as server:
        config = OpenAIConfig(api_key="sk-made-up", base_url=server.base_url, response_format=answer_format)
        async with open_transcriber(config, SystemClock()) as transcriber:
            transcribed: Transcribed = []
            for span, chunk in chunks:
                server.script.append(await asyncio.to_thread(recognize, chunk, span))
                transcribed.append((span, await transcriber.transcribe(chunk)))
            return transcribed


def _whisper(engine: SpeechEngine, recording: Recording) -> Recognize:
    """Transcribe with the local model; the response includes the times of segments."""
    del recording

    def recognize(chunk: Path, span: AudioSpan) -> Answer:
        del span
        transcript = engine.transcribe(chunk)
        segments = [{"start": each.start_s, "end": each.end_s, "text": each.text} for each in transcript.segments]
        return in_json({"text": transcript.text, "segments": segments})

    return recognize


def _whisper_without_times(engine: SpeechEngine, recording: Recording) -> Recognize:
    del recording

    def recognize(chunk: Path, span: AudioSpan) -> Answer:
        del span
        return in_json({"text": engine.transcribe(chunk).text})

    return recognize


def _perfect(engine: SpeechEngine, recording: Recording) -> Recognize:
    """Return every spoken word, so that only the error of our alignment remains."""
    del engine

    def recognize(chunk: Path, span: AudioSpan) -> Answer:
        del chunk
        return in_json({"text": words_between(recording.phrases, span.start_s, span.end_s)})

    return recognize


SERVERS: dict[str, tuple[ResponseFormat, Callable[[SpeechEngine, Recording], Recognize]]] = {
    "text, every word right": ("json", _perfect),
    "text, tiny.en": ("json", _whisper_without_times),
    "segments, tiny.en": ("verbose_json", _whisper),
}


def _figures(server: str, measured: Sequence[Measurement]) -> list[Figure]:
    """The median and the 90th percentile over the recordings, with the share of sentences that begin a cue."""
    rounds = [each for each in measured if each.server == server]
    sentences = sum(each.sentences for each in rounds)
    found = sum(len(each.errors_s) for each in rounds)
    worst_s = max(max(each.errors_s) for each in rounds)
    detail = f"{found} of {sentences} sentences begin a cue, the worst {worst_s:.2f} s off"
    medians_s = [median(each.errors_s) for each in rounds]
    p90s_s = [quantiles(each.errors_s, n=10)[-1] for each in rounds]
    return [
        figure("captions", f"start of a cue, median: {server}", medians_s, measured=detail, at_most=MEDIAN_S, unit="s"),
        figure("captions", f"start of a cue, p90: {server}", p90s_s, measured=detail, at_most=P90_S, unit="s"),
    ]
