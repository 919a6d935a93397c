"""Looking into media files and making others from them."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

from domain.model.media import CompressionProfile, MediaInfo
from domain.model.speech import AudioSpan, Interval
from domain.ports.object_store import OnProgress


class Transcoder(Protocol):
    """What ffmpeg does for us. Files come from strangers: no method trusts one, none leaves a process behind.

    Every method may raise `Unavailable` when the tool itself could not be run (missing program,
    full disk, killed by the operating system); that says nothing about the file.
    Cancelling a call ends the tool, with everything it started, before the call returns.
    """

    @abstractmethod
    async def probe(self, path: Path) -> MediaInfo:
        """What the file is made of, by its container.

        Raises:
            MediaRejected: `not_a_video` (no container we know, or no picture in it),
                `malformed_video` (the container can't be read), `unsupported_codec`, `too_large_picture`
                (larger than can be decoded, so that its size is not told).
        """

    @abstractmethod
    async def compress(
        self,
        source: Path,
        target: Path,
        *,
        media: MediaInfo,
        profile: CompressionProfile,
        on_progress: OnProgress,
    ) -> None:
        """Make an MP4 (H.264, AAC, fast start) without metadata, within the profile's height and frame rate.

        A smaller picture is never enlarged. That the call returns proves nothing about the target: probe it.

        Raises:
            CompressionFailed: the tool gave up, stalled, or ran out of its time.
        """

    @abstractmethod
    async def poster(self, source: Path, target: Path, *, media: MediaInfo) -> None:
        """Make one JPEG picture, at most 1280 pixels wide, from early in the video.

        Raises:
            CompressionFailed: no picture could be made.
        """

    @abstractmethod
    async def extract_audio(self, source: Path, target: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        """Write the first sound track as small mono speech audio (Ogg Opus, 16 kHz); answer its silences.

        Silences are in order, in seconds of the source, and don't overlap. A video that is silent
        throughout has one that covers it.

        Raises:
            CompressionFailed: the track could not be decoded.
        """

    @abstractmethod
    async def cut_audio(self, audio: Path, target: Path, *, span: AudioSpan) -> None:
        """Cut one span out of an extracted track as 16-bit mono WAV at 16 kHz.

        Raises:
            CompressionFailed: the track could not be decoded.
        """
