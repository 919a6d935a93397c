"""Probes media files and makes others from them."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import MediaInfo
from domain.model.media.storyboard import StoryboardSheet
from domain.model.transcripts.speech_intervals import AudioSpan, Interval
from domain.ports.progress import OnProgress


class Transcoder(Protocol):
    """Probes, encodes and extracts. The files are untrusted input, and no method leaves a process running.

    Every method may raise `Unavailable` when the tool could not run (missing program, full disk, killed by the
    operating system); that says nothing about the file.
    Cancelling a call ends the tool and every process it has started before the call returns.
    """

    @abstractmethod
    async def probe(self, path: Path, *, is_rendition: bool = False) -> MediaInfo:
        """The file's properties as its container states them; of several tracks, those that players play.

        A file whose only picture is cover art, or a video track without any frame, is sound alone. Every packet is
        read: a duration that the packets contradict is replaced, and `packets` says what they show. Of an upload the
        beginning of the sound is decoded, to find a track that can be heard; `is_rendition` skips that, for a file that
        this transcoder has written.

        Raises:
            MediaRejected: `not_a_video` (unknown container, or neither picture nor sound in it), `malformed_video`
                (the container can't be read), `unsupported_codec`, `encrypted_video`, `too_many_streams` (more than a
                probe opens), or `too_large_picture` (too large to be decoded, so its size is unknown).
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
    ) -> DecodingReport:
        """Encode an MP4 (the profile's codec, AAC, fast start) within the profile's height and frame rate.

        The target has square pixels, upright progressive frames, 8-bit 4:2:0, standard dynamic range, mono or stereo
        sound, and none of the source's metadata except the language of its sound. A smaller picture is never enlarged.
        A picture that changes its shape gets the size of its largest lasting part; other shapes are centred between
        black bars. Sound alone becomes an MP4 with nothing but AAC.

        A call that returns proves nothing about the target: probe it. The report has the numbers of decoded frames and
        of decode errors: frames and audio packets that could not be decoded whole, and positions where the container is
        corrupt and the demuxer had to resynchronise.

        Raises:
            CompressionFailed: the tool failed, stalled, or exceeded its time limit.
        """

    @abstractmethod
    async def remux(self, source: Path, target: Path, *, media: MediaInfo, on_progress: OnProgress) -> DecodingReport:
        """Copy the source's streams, H.264 and AAC, unchanged into an MP4 (fast start), without their metadata.

        Before it returns, the call decodes single frames spread over the whole length, or all of the sound if there is
        no picture. Probe the target to learn its duration. The result has the number of positions where the container
        is corrupt and the demuxer had to resynchronise: the packets there are missing from the target.

        Raises:
            CompressionFailed: the tool failed, stalled, or exceeded its time limit; or a frame could not be decoded.
        """

    @abstractmethod
    async def poster(self, rendition: Path, target: Path, *, media: MediaInfo, at_s: float | None = None) -> None:
        """Write one JPEG, at most 1280 pixels wide: the first frame that is not black, if there is one.

        With `at_s`, it is the frame that a player shows at this time, black or not; after the last frame, the last one.
        For sound alone it is the waveform.

        Raises:
            CompressionFailed: no picture could be made.
        """

    @abstractmethod
    async def storyboard(self, rendition: Path, target: Path, *, media: MediaInfo, sheet: StoryboardSheet) -> None:
        """Write one JPEG with thumbnails, laid out as the sheet says.

        Raises:
            CompressionFailed: no picture could be made.
        """

    @abstractmethod
    async def extract_audio(self, source: Path, target: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        """Write the audio track as small mono speech audio (Ogg Opus, 16 kHz), and return its silences.

        Silences are in order, in seconds of the source, and don't overlap. For a video that is silent throughout, one
        silence covers all of it.

        Raises:
            CompressionFailed: the track could not be decoded.
        """

    @abstractmethod
    async def cut_audio(self, audio: Path, target: Path, *, span: AudioSpan) -> None:
        """Cut one span out of an extracted track as 16-bit mono WAV at 16 kHz.

        Raises:
            CompressionFailed: the track could not be decoded.
        """
