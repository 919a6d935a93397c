"""Make a rendition and verify it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.media.accounting import check_accounted
from domain.model.media.browser_support import can_be_played
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import MediaInfo
from domain.model.media.remux_rules import can_remux, plays_everywhere
from domain.model.videos.source import PublicationKind
from domain.ports.progress import OnProgress
from domain.ports.transcoder import Transcoder

ENCODED_NAME = "encoded.mp4"
REMUXED_NAME = "remuxed.mp4"


@dataclass(frozen=True, slots=True)
class MadeRendition:
    """A rendition; with the kind `original`, it is no smaller than the source, so the source is published.

    A rendition with a `shortfall` can be played, but is not proven to hold everything of its source.
    """

    path: Path
    media: MediaInfo
    kind: PublicationKind
    shortfall: CompressionFailed | None = None


@dataclass(frozen=True, slots=True)
class MakeRendition:
    """Make the smallest rendition that plays everywhere.

    - A source that is already small and plays everywhere is remuxed: its streams are copied into a new MP4.
    - A source that plays everywhere and would be larger when encoded is remuxed as well.
    - A rendition is accepted only if it can be probed, and accounts for every part and every packet of its source.
    - A remux copies undecodable packets unchanged. It loses packets only where the container is corrupt.
    - If browsers can't play the source, a rendition that is not accepted but can be played is returned with its
      shortfall: the encoding, or a remux if there is no encoding.
    """

    transcoder: Transcoder
    profile: CompressionProfile

    async def __call__(
        self, media: MediaInfo, source: Path, on_progress: OnProgress, *, source_plays: bool = True
    ) -> MadeRendition:
        """The rendition; it has a shortfall only if the source itself does not play.

        Raises:
            CompressionFailed: no rendition could be made, or it did not pass verification.
        """
        try:
            return await self._verified(media, source, on_progress)
        except CompressionFailed as error:
            incomplete = None if source_plays else await self._incomplete(media, source, on_progress, error)
            if incomplete is None:
                raise
            return incomplete

    async def _verified(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> MadeRendition:
        if can_remux(media, self.profile):
            with suppress(CompressionFailed):  # Encoding may still succeed.
                return await self._remuxed(media, source, on_progress)
        encoded = await self._encoded(media, source, on_progress)
        if encoded.media.size_bytes < media.size_bytes or not plays_everywhere(media):
            return encoded
        with suppress(CompressionFailed):  # The verified encoding, or the source, can be published instead.
            return await self._remuxed(media, source, on_progress)
        # The streams play everywhere, but only MP4 and QuickTime containers do: not Matroska, AVI or transport streams.
        can_stay = media.container == "mov" and media.lost_sound is None
        kind = PublicationKind.ORIGINAL if can_stay else PublicationKind.ENCODED
        return MadeRendition(encoded.path, encoded.media, kind)

    async def _incomplete(
        self, media: MediaInfo, source: Path, on_progress: OnProgress, error: CompressionFailed
    ) -> MadeRendition | None:
        """The best of what was made and can be played, although it was not accepted; None if there is nothing."""
        encoded = await self._played(source.with_name(ENCODED_NAME), PublicationKind.ENCODED, error)
        if encoded is not None:
            return encoded
        if plays_everywhere(media):
            with suppress(CompressionFailed):
                await self.transcoder.remux(
                    source, source.with_name(REMUXED_NAME), media=media, on_progress=on_progress
                )
        return await self._played(source.with_name(REMUXED_NAME), PublicationKind.REMUXED, error)

    async def _played(self, target: Path, kind: PublicationKind, error: CompressionFailed) -> MadeRendition | None:
        with suppress(MediaRejected):
            if await asyncio.to_thread(target.exists):
                rendition = await self.transcoder.probe(target, is_rendition=True)
                return MadeRendition(target, rendition, kind, error) if can_be_played(rendition) else None
        return None

    async def _encoded(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> MadeRendition:
        target = source.with_name(ENCODED_NAME)
        report = await self.transcoder.compress(
            source, target, media=media, profile=self.profile, on_progress=on_progress
        )
        return MadeRendition(target, await self._verify(media, target, report), PublicationKind.ENCODED)

    async def _remuxed(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> MadeRendition:
        target = source.with_name(REMUXED_NAME)
        report = await self.transcoder.remux(source, target, media=media, on_progress=on_progress)
        return MadeRendition(target, await self._verify(media, target, report), PublicationKind.REMUXED)

    async def _verify(self, media: MediaInfo, target: Path, report: DecodingReport) -> MediaInfo:
        try:
            rendition = await self.transcoder.probe(target, is_rendition=True)
        except MediaRejected as error:
            raise CompressionFailed("The rendition can't be read.") from error
        check_accounted(media, rendition, report, max_frame_rate=self.profile.max_frame_rate)
        return rendition
