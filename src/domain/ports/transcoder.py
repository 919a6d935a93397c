"""Looking into media files and making others from them."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

from domain.model.media import CompressionProfile, MediaInfo
from domain.model.speech import AudioSpan, Interval
from domain.model.storyboard import StoryboardSheet
from domain.ports.object_store import OnProgress


class Transcoder(Protocol):
    """What ffmpeg does for us. Files come from strangers: no method trusts one, none leaves a process behind.

    Every method may raise `Unavailable` when the tool itself could not be run (missing program,
    full disk, killed by the operating system); that says nothing about the file.
    Cancelling a call ends the tool, with everything it started, before the call returns.
    """

    @abstractmethod
    async def probe(self, path: Path) -> MediaInfo:
        """What the file is made of, by its container; of several tracks the default one, or else the first.

        Raises:
            MediaRejected: `not_a_video` (no container we know, or no picture in it),
                `malformed_video` (the container can't be read), `unsupported_codec`, `encrypted_video`,
                `too_many_streams` (more than a probe opens), `too_large_picture` (larger than can be decoded, so
                that its size is not told).
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
    ) -> int:
        """Make an MP4 (the profile's codec, AAC, fast start) within the profile's height and frame rate.

        Square pixels, upright, without fields, 8-bit 4:2:0, standard dynamic range, mono or stereo; nothing of the
        source's metadata but the language of its sound. A smaller picture is never enlarged.
        That the call returns proves nothing about the target: probe it. The answer is the number of faults: pictures
        and pieces of sound that could not be decoded whole, and places at which the container had to be taken up anew.

        Raises:
            CompressionFailed: the tool gave up, stalled, or ran out of its time.
        """

    @abstractmethod
    async def remux(self, source: Path, target: Path, *, media: MediaInfo, on_progress: OnProgress) -> int:
        """Move the source's streams, H.264 and AAC, into an MP4 (fast start) as they are, without their metadata.

        Of the picture, some single frames over its whole length have been decoded when the call returns; how long
        the target is must be probed. The answer is the number of places at which the container had to be taken up anew:
        what it held there is missing from the target.

        Raises:
            CompressionFailed: the tool gave up, stalled, or ran out of its time; or a frame could not be decoded.
        """

    @abstractmethod
    async def poster(self, rendition: Path, target: Path, *, media: MediaInfo) -> None:
        """Make one JPEG picture, at most 1280 pixels wide: the first that is not black, if there is one.

        Raises:
            CompressionFailed: no picture could be made.
        """

    @abstractmethod
    async def storyboard(self, rendition: Path, target: Path, *, media: MediaInfo, sheet: StoryboardSheet) -> None:
        """Make one JPEG picture of many small ones, laid out as the sheet says.

        Raises:
            CompressionFailed: no picture could be made.
        """

    @abstractmethod
    async def extract_audio(self, source: Path, target: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        """Write the sound track as small mono speech audio (Ogg Opus, 16 kHz); answer its silences.

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
