"""A transcoder for tiny fake videos: each is a few properties as JSON, after the first box of an MP4."""

import asyncio
import json
import wave
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack, cast

from domain.model.errors import CompressionFailed, MediaRejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey, UnusedBytes, UnusedKind
from domain.model.media.storyboard import StoryboardSheet
from domain.model.transcripts.speech_intervals import AudioSpan, Interval, speech_between
from domain.ports.progress import OnProgress
from domain.ports.transcoder import Transcoder

VIDEO_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4"})
AUDIO_CODECS = frozenset({"aac", "mp3", "opus", "vorbis"})
SAMPLE_RATE_HZ = 16_000

# An `ftyp` box, so that the first bytes are those of an MP4; the properties follow in a `free` box.
_MP4_START = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42"
_OGG_START = b"OggS"
_JPEG = b"\xff\xd8\xff\xe0 a fake picture \xff\xd9"
_LOUD_SAMPLES = b"\x00\x20\x00\xe0"
_MIN_RENDITION_BYTES = 512


class FakeVideoProperties(TypedDict, total=False):
    """The properties that a test may choose."""

    container: str
    duration_s: float
    readable_s: float
    width: int
    height: int
    frame_rate: float
    video_codec: str | None
    audio_codec: str | None
    pixel_format: str
    language: str | None
    stream_count: int | None
    silences: tuple[tuple[float, float], ...]
    decode_errors: int
    container_errors: int
    unused_bytes: int


@dataclass(frozen=True, slots=True)
class FakeVideo:
    """A fake video; `readable_s` is how much of it can be decoded, for truncated files.

    Without a `stream_count` there are as many streams as codecs. `container_errors` are corrupt positions of the
    container, `unused_bytes` belong to a second recording. Browsers do not play its default pixel format, so that
    compression is needed.
    """

    container: str = "mov"
    duration_s: float = 10.0
    readable_s: float = float("inf")
    width: int = 1280
    height: int = 720
    frame_rate: float = 30.0
    video_codec: str | None = "h264"
    audio_codec: str | None = "aac"
    pixel_format: str = "yuv422p"
    language: str | None = None
    stream_count: int | None = None
    silences: tuple[tuple[float, float], ...] = ()
    decode_errors: int = 0
    container_errors: int = 0
    unused_bytes: int = 0

    def to_bytes(self, *, start: bytes = _MP4_START, size_bytes: int = 0) -> bytes:
        """The file: its properties, and zeros up to the given size."""
        properties = json.dumps(asdict(self)).encode()
        box = (8 + len(properties)).to_bytes(4, "big") + b"free" + properties
        return (start + box).ljust(size_bytes, b"\x00")


def fake_video_bytes(*, size_bytes: int = 4096, **properties: Unpack[FakeVideoProperties]) -> bytes:
    """A file that FakeTranscoder reads as a video with these properties."""
    return FakeVideo(**properties).to_bytes(size_bytes=size_bytes)


class FakeTranscoder(Transcoder):
    """Reads and writes fake videos; `fail` and `hang` make a method fail or hang.

    `rendition_duration_s`, if set, is the duration of every rendition, whatever the duration of its source.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.is_hanging = asyncio.Event()
        self.rendition_duration_s: float | None = None
        self._errors: dict[str, tuple[TelecineError, float]] = {}
        self._hanging_methods: set[str] = set()

    def fail(self, method: str, error: TelecineError, *, times: float = float("inf")) -> None:
        """Raise this error from the next `times` calls of the method, by default from all."""
        self._errors[method] = (error, times)

    def hang(self, method: str) -> None:
        """Make the method wait until it is cancelled; `is_hanging` is set while a call waits."""
        self._hanging_methods.add(method)

    def resume(self, method: str) -> None:
        """End `hang` for the next calls of the method."""
        self._hanging_methods.discard(method)

    async def probe(self, path: Path, *, is_rendition: bool = False) -> MediaInfo:
        await self._start_call("probe")
        content = await _content(path)
        return _media_info(_parsed(content, _MP4_START), size_bytes=len(content))

    async def compress(
        self,
        source: Path,
        target: Path,
        *,
        media: MediaInfo,
        profile: CompressionProfile,
        on_progress: OnProgress,
    ) -> DecodingReport:
        video = await _decodable(source)
        on_progress(50.0)
        await self._start_call("compress")
        rendition = self._rendition(video, media, profile)
        size_bytes = max(_MIN_RENDITION_BYTES, media.size_bytes // 2)
        await asyncio.to_thread(target.write_bytes, rendition.to_bytes(size_bytes=size_bytes))
        on_progress(100.0)
        return DecodingReport(video.decode_errors + video.container_errors)

    async def remux(self, source: Path, target: Path, *, media: MediaInfo, on_progress: OnProgress) -> DecodingReport:
        video = await _decodable(source)
        await self._start_call("remux")
        remuxed = replace(video, container="mov", duration_s=self._rendition_s(video, media), stream_count=None)
        await asyncio.to_thread(target.write_bytes, remuxed.to_bytes(size_bytes=media.size_bytes))
        on_progress(100.0)
        return DecodingReport(video.container_errors)

    async def poster(self, rendition: Path, target: Path, *, media: MediaInfo, at_s: float | None = None) -> None:
        await self._start_call("poster")
        await _decodable(rendition)
        shown = b"" if at_s is None else f" at {at_s} s".encode()
        await asyncio.to_thread(target.write_bytes, _JPEG + shown)

    async def storyboard(self, rendition: Path, target: Path, *, media: MediaInfo, sheet: StoryboardSheet) -> None:
        await self._start_call("storyboard")
        if (await _decodable(rendition)).video_codec is None:
            raise CompressionFailed("There is no picture in this file.")
        await asyncio.to_thread(target.write_bytes, _JPEG * sheet.tile_count)

    async def extract_audio(self, source: Path, target: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        await self._start_call("extract_audio")
        video = await _decodable(source)
        if video.audio_codec is None:
            raise CompressionFailed("There is no sound track.")
        await asyncio.to_thread(target.write_bytes, video.to_bytes(start=_OGG_START))
        return _silences(video)

    async def cut_audio(self, audio: Path, target: Path, *, span: AudioSpan) -> None:
        await self._start_call("cut_audio")
        track = await _decodable(audio, _OGG_START)
        await asyncio.to_thread(_write_wav, target, track, span)

    async def _start_call(self, method: str) -> None:
        self.calls.append(method)
        await asyncio.sleep(0)
        if method in self._hanging_methods:
            await self._wait_for_ever()
        error, times_left = self._errors.get(method, (None, 0.0))
        if error is not None and times_left > 0:
            self._errors[method] = (error, times_left - 1)
            raise error

    async def _wait_for_ever(self) -> None:
        self.is_hanging.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_hanging.clear()

    def _rendition(self, source: FakeVideo, media: MediaInfo, profile: CompressionProfile) -> FakeVideo:
        has_picture = source.video_codec is not None
        scale = min(1.0, profile.max_height / min(source.width, source.height))
        return replace(
            source,
            container="mov",
            duration_s=self._rendition_s(source, media),
            readable_s=float("inf"),
            width=int(source.width * scale) // 2 * 2,
            height=int(source.height * scale) // 2 * 2,
            frame_rate=min(source.frame_rate, profile.max_frame_rate),
            video_codec=profile.codec.value if has_picture else None,
            audio_codec=source.audio_codec and "aac",
            pixel_format="yuv420p",
            stream_count=None,
            decode_errors=0,
            container_errors=0,
            unused_bytes=0,
        )

    def _rendition_s(self, source: FakeVideo, media: MediaInfo) -> float:
        rendition_s = min(media.duration_s, source.readable_s)
        return rendition_s if self.rendition_duration_s is None else self.rendition_duration_s


def _parsed(content: bytes, start: bytes) -> FakeVideo:
    if not content.startswith(start):
        raise MediaRejected(
            "This is neither video nor audio in a supported container.", code=FailureCode.NOT_A_VIDEO.value
        )
    box = content[len(start) :]
    try:
        properties = json.loads(box[8 : int.from_bytes(box[:4], "big")])
    except ValueError as error:
        raise MediaRejected("The file can't be read.", code=FailureCode.MALFORMED_VIDEO.value) from error
    silences = tuple(tuple(silence) for silence in properties["silences"])
    return FakeVideo(**cast("FakeVideoProperties", properties | {"silences": silences}))


async def _content(path: Path) -> bytes:
    try:
        return await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError as error:
        raise Unavailable("The local file is missing.", code="file_missing") from error


async def _decodable(path: Path, start: bytes = _MP4_START) -> FakeVideo:
    try:
        return _parsed(await _content(path), start)
    except MediaRejected as error:
        raise CompressionFailed(error.detail) from error


def _media_info(video: FakeVideo, *, size_bytes: int) -> MediaInfo:
    if video.video_codec is None and video.audio_codec is None:
        raise MediaRejected("There is neither picture nor sound in this file.", code=FailureCode.NOT_A_VIDEO.value)
    if video.video_codec not in VIDEO_CODECS | {None} or video.audio_codec not in AUDIO_CODECS | {None}:
        raise MediaRejected("The codec is not supported.", code=FailureCode.UNSUPPORTED_CODEC.value)
    has_picture = video.video_codec is not None
    return MediaInfo(
        container=video.container,
        duration_s=video.duration_s,
        width=video.width if has_picture else 0,
        height=video.height if has_picture else 0,
        frame_rate=video.frame_rate if has_picture else 0.0,
        video_codec=video.video_codec,
        audio_codec=video.audio_codec,
        stream_count=video.stream_count or 2 - [video.video_codec, video.audio_codec].count(None),
        size_bytes=size_bytes,
        picture=VideoTrack(pixel_format=video.pixel_format) if has_picture else VideoTrack(),
        packets=PacketSurvey(unused=_unused(video, size_bytes)),
        sound=AudioTrack() if video.audio_codec is None else AudioTrack(1, 2, 48_000, video.language),
    )


def _unused(video: FakeVideo, size_bytes: int) -> UnusedBytes | None:
    if video.unused_bytes == 0:
        return None
    return UnusedBytes(size_bytes - video.unused_bytes, video.unused_bytes, UnusedKind.RECORDING)


def _silences(video: FakeVideo) -> tuple[Interval, ...]:
    return tuple(Interval(start_s, end_s) for start_s, end_s in video.silences)


def _write_wav(target: Path, track: FakeVideo, span: AudioSpan) -> None:
    with wave.open(str(target), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE_HZ)
        wav.writeframes(b"".join(_samples(track, span)))


def _samples(track: FakeVideo, span: AudioSpan) -> Iterator[bytes]:
    """Noise where the track is not silent, zeros elsewhere."""
    written_until_s = span.start_s
    for speech in speech_between(_silences(track), track.duration_s):
        start_s, end_s = max(speech.start_s, span.start_s), min(speech.end_s, span.end_s)
        if start_s < end_s:
            yield bytes(4 * _pairs(start_s - written_until_s))
            yield _LOUD_SAMPLES * _pairs(end_s - start_s)
            written_until_s = end_s
    yield bytes(4 * _pairs(span.end_s - written_until_s))


def _pairs(duration_s: float) -> int:
    return round(duration_s * SAMPLE_RATE_HZ / 2)
