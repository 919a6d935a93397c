"""Make a rendition and verify it."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.decode_errors import check_decoded
from domain.model.media.media_info import MediaInfo
from domain.model.media.remux_rules import can_remux, plays_everywhere
from domain.model.media.rendition_check import check_rendition
from domain.model.videos.source import PublicationKind
from domain.ports.progress import OnProgress
from domain.ports.transcoder import Transcoder


@dataclass(frozen=True, slots=True)
class VerifiedRendition:
    """A verified rendition; with the kind `original`, it is no smaller than the source, so the source is published."""

    path: Path
    media: MediaInfo
    kind: PublicationKind


@dataclass(frozen=True, slots=True)
class MakeRendition:
    """Make the smallest rendition that plays everywhere.

    - A source that is already small and plays everywhere is remuxed: its streams are copied into a new MP4.
    - A source that plays everywhere and would be larger when encoded is remuxed as well.
    - A rendition is accepted only if it can be probed, is as long as its source, and the source could be decoded.
    - A remux copies undecodable packets unchanged. It loses packets only where the container is corrupt.
    """

    transcoder: Transcoder
    profile: CompressionProfile

    async def __call__(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> VerifiedRendition:
        """The verified rendition.

        Raises:
            CompressionFailed: no rendition could be made, or it did not pass verification.
        """
        if can_remux(media, self.profile):
            with suppress(CompressionFailed):  # Encoding may still succeed.
                return await self._remuxed(media, source, on_progress)
        encoded = await self._encoded(media, source, on_progress)
        if encoded.media.size_bytes < media.size_bytes or not plays_everywhere(media):
            return encoded
        with suppress(CompressionFailed):  # The verified encoding, or the source, can be published instead.
            return await self._remuxed(media, source, on_progress)
        # The streams play everywhere, but only MP4 and QuickTime containers do: not Matroska, AVI or transport streams.
        kind = PublicationKind.ORIGINAL if media.container == "mov" else PublicationKind.ENCODED
        return VerifiedRendition(encoded.path, encoded.media, kind)

    async def _encoded(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> VerifiedRendition:
        target = source.with_name("encoded.mp4")
        report = await self.transcoder.compress(
            source, target, media=media, profile=self.profile, on_progress=on_progress
        )
        return VerifiedRendition(
            target, await self._verify(media, target, report.decode_errors), PublicationKind.ENCODED
        )

    async def _remuxed(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> VerifiedRendition:
        target = source.with_name("remuxed.mp4")
        report = await self.transcoder.remux(source, target, media=media, on_progress=on_progress)
        return VerifiedRendition(
            target, await self._verify(media, target, report.decode_errors), PublicationKind.REMUXED
        )

    async def _verify(self, media: MediaInfo, target: Path, decode_errors: int) -> MediaInfo:
        try:
            rendition = await self.transcoder.probe(target)
        except MediaRejected as error:
            raise CompressionFailed("The rendition can't be read.") from error
        check_rendition(media, rendition)
        check_decoded(media, rendition, decode_errors=decode_errors, max_frame_rate=self.profile.max_frame_rate)
        return rendition
