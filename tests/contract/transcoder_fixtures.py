"""Transcoders under test, each with a bench that creates sources for it."""

import shutil
from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Unpack

from adapters.fakes.transcoder import FakeTranscoder, FakeVideoProperties, fake_video_bytes
from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.errors import Unavailable
from domain.model.transcripts.speech_intervals import Interval, speech_between
from domain.ports.transcoder import Transcoder
from tests.media import damaged, make


@dataclass(frozen=True, slots=True)
class Footage:
    """What a source contains; `heard` are the intervals with sound, None: no sound track."""

    duration_s: float = 3.0
    width: int = 320
    height: int = 240
    frame_rate: int = 25
    audible: tuple[tuple[float, float], ...] | None = ((0.0, 1.0), (2.0, 3.0))
    language: str | None = None


class Bench(Protocol):
    """A transcoder and the sources for its tests, in one folder."""

    transcoder: Transcoder
    folder: Path

    @abstractmethod
    def source(self, footage: Footage) -> Path:
        """A valid video."""

    @abstractmethod
    def truncated(self) -> Path:
        """3 s by its index, of which only the first half can be read."""

    @abstractmethod
    def damaged(self) -> Path:
        """A video with a hole in the middle."""

    @abstractmethod
    def malformed(self) -> Path:
        """A container without its index."""

    @abstractmethod
    def unsupported(self) -> Path:
        """A video in an unsupported codec."""

    @abstractmethod
    def without_picture(self) -> Path:
        """An MP4 with 3 s of sound alone: a second each of a tone, of silence, and of a tone."""

    @abstractmethod
    def without_picture_and_sound(self) -> Path:
        """A container with neither."""

    @abstractmethod
    def long_to_compress(self) -> Path:
        """A video whose compression lasts until it is cancelled."""

    @abstractmethod
    def without_its_tool(self) -> Transcoder:
        """A transcoder whose tool is missing."""

    @abstractmethod
    def left_behind(self) -> int:
        """The number of runs that have not ended."""


class FakeBench(Bench):
    """The fake, and fake videos."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._fake = FakeTranscoder()
        self.transcoder: Transcoder = self._fake

    def source(self, footage: Footage) -> Path:
        """A valid video."""
        audible = [] if footage.audible is None else [Interval(*interval) for interval in footage.audible]
        gaps = [(gap.start_s, gap.end_s) for gap in speech_between(audible, footage.duration_s)]
        return self._written(
            duration_s=footage.duration_s,
            width=footage.width,
            height=footage.height,
            frame_rate=footage.frame_rate,
            audio_codec=None if footage.audible is None else "aac",
            pixel_format="yuv420p",
            language=footage.language,
            silences=() if footage.audible is None else tuple(gaps),
        )

    def truncated(self) -> Path:
        """Only half of it can be read."""
        return self._written(duration_s=3.0, readable_s=1.5)

    def damaged(self) -> Path:
        """A video with a hole in the middle."""
        return self._written(decode_errors=20)

    def malformed(self) -> Path:
        """A container without its index."""
        path = self._written()
        path.write_bytes(path.read_bytes()[:100])
        return path

    def unsupported(self) -> Path:
        """MagicYUV."""
        return self._written(video_codec="magicyuv")

    def without_picture(self) -> Path:
        """Sound alone."""
        return self._written(video_codec=None, duration_s=3.0, silences=((1.0, 2.0),))

    def without_picture_and_sound(self) -> Path:
        """No codec at all."""
        return self._written(video_codec=None, audio_codec=None)

    def long_to_compress(self) -> Path:
        """A video whose compression takes long."""
        self._fake.hang("compress")
        return self._written()

    def without_its_tool(self) -> Transcoder:
        """As on a machine without ffmpeg."""
        broken = FakeTranscoder()
        for method in ("probe", "compress", "remux", "poster", "storyboard", "extract_audio", "cut_audio"):
            broken.fail(method, Unavailable("It is not installed.", code="tool_missing", retryable=False))
        return broken

    def left_behind(self) -> int:
        """1 while the fake hangs, else 0."""
        return int(self._fake.is_hanging.is_set())

    def _written(self, **properties: Unpack[FakeVideoProperties]) -> Path:
        path = self.folder / "source"
        path.write_bytes(fake_video_bytes(size_bytes=64 * 1024, **properties))
        return path


class FFmpegBench(Bench):
    """ffmpeg, and real videos: created once, then copied from the stock."""

    def __init__(self, folder: Path, stock: Path) -> None:
        self.folder = folder
        self.transcoder: Transcoder = FFmpegTranscoder()
        self._stock = stock

    def source(self, footage: Footage) -> Path:
        """A valid video."""

        def film(target: Path) -> Path:
            return make.video(
                target,
                duration_s=footage.duration_s,
                width=footage.width,
                height=footage.height,
                frame_rate=footage.frame_rate,
                sound=None if footage.audible is None else make.tones(footage.audible),
                options=() if footage.language is None else ("-metadata:s:a:0", f"language={footage.language}"),
            )

        return self._stocked(f"{abs(hash(footage))}.mp4", film)

    def truncated(self) -> Path:
        """Only half of it can be read."""
        return self._stocked("truncated.mp4", make.truncated)

    def damaged(self) -> Path:
        """A video with a hole in the middle."""
        return self._stocked("damaged.mp4", damaged.holed)

    def malformed(self) -> Path:
        """A container without its index."""
        return self._stocked("headless.mp4", make.headless)

    def unsupported(self) -> Path:
        """MagicYUV."""
        return self._stocked("unsupported.mkv", make.with_unsupported_codec)

    def without_picture(self) -> Path:
        """Sound alone."""
        heard = make.tones([(0, 1), (2, 3)])
        return self._stocked("sound.mp4", lambda target: make.encoded(target, [heard], ["-t", "3", "-c:a", "aac"]))

    def without_picture_and_sound(self) -> Path:
        """Only subtitles."""
        return self._stocked("subtitles.mp4", make.subtitles_alone)

    def long_to_compress(self) -> Path:
        """A video whose compression takes long."""

        def film(target: Path) -> Path:
            return make.video(target, duration_s=20, width=1280, height=720, sound=None)

        return self._stocked("long.mp4", film)

    def without_its_tool(self) -> Transcoder:
        """As on a machine without ffmpeg."""
        return FFmpegTranscoder(ffmpeg="no-such-ffmpeg", ffprobe="no-such-ffprobe")

    def left_behind(self) -> int:
        """The number of processes."""
        return len(pids_in(self.folder))

    def _stocked(self, name: str, film: Callable[[Path], Path]) -> Path:
        made = self._stock / name
        if not made.exists():
            film(made)
        return Path(shutil.copy(made, self.folder / "source"))


Opening = Callable[[Path, Path], AbstractAsyncContextManager[Bench]]


@asynccontextmanager
async def fake(folder: Path, _stock: Path) -> AsyncGenerator[Bench]:
    """The fake."""
    yield FakeBench(folder)


@asynccontextmanager
async def ffmpeg(folder: Path, stock: Path) -> AsyncGenerator[Bench]:
    """The real transcoder."""
    yield FFmpegBench(folder, stock)


OPENINGS: dict[str, Opening] = {"fake": fake, "ffmpeg": ffmpeg}


def pids_in(folder: Path) -> list[int]:
    """The processes whose working folder is this one; every run has its own."""
    return [int(process.name) for process in Path("/proc").glob("[0-9]*") if _works_in(folder, process)]


def _works_in(folder: Path, process: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False  # It has ended since it was listed.
