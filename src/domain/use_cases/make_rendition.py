"""Make a rendition and prove it."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.model.damage import check_decoded
from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.media import CompressionProfile, MediaInfo, check_rendition
from domain.model.rendition import needs_no_encoding, plays_everywhere
from domain.model.source import PublicationKind
from domain.ports.object_store import OnProgress
from domain.ports.transcoder import Transcoder


@dataclass(frozen=True, slots=True)
class ProvenRendition:
    """A rendition on the local disk; of the kind `original` it is proven, but no smaller than the source."""

    path: Path
    media: MediaInfo
    kind: PublicationKind


@dataclass(frozen=True, slots=True)
class MakeRendition:
    """Make the smallest rendition that plays everywhere.

    - What is small already, and plays everywhere, only moves into a container of ours.
    - So does what plays everywhere and would grow.
    - A rendition counts only when it can be read and is as long as its source.
    - So it does only when its source could be decoded. What is copied keeps such faults, and loses nothing, unless its
      container is torn: then packets are lost to the copy, too.
    """

    transcoder: Transcoder
    profile: CompressionProfile

    async def __call__(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> ProvenRendition:
        """The proven rendition.

        Raises:
            CompressionFailed: there is none.
        """
        if needs_no_encoding(media, self.profile):
            with suppress(CompressionFailed):  # Then the decoder may make more of it.
                return await self._remuxed(media, source, on_progress)
        encoded = await self._encoded(media, source, on_progress)
        if encoded.media.size_bytes < media.size_bytes or not plays_everywhere(media):
            return encoded
        with suppress(CompressionFailed):  # Its source plays all the same.
            return await self._remuxed(media, source, on_progress)
        # Its streams play everywhere; Matroska, AVI or a transport stream around them do not.
        kind = PublicationKind.ORIGINAL if media.container == "mov" else PublicationKind.ENCODED
        return ProvenRendition(encoded.path, encoded.media, kind)

    async def _encoded(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> ProvenRendition:
        target = source.with_name("encoded.mp4")
        faults = await self.transcoder.compress(
            source, target, media=media, profile=self.profile, on_progress=on_progress
        )
        return ProvenRendition(target, await self._proven(media, target, faults), PublicationKind.ENCODED)

    async def _remuxed(self, media: MediaInfo, source: Path, on_progress: OnProgress) -> ProvenRendition:
        target = source.with_name("remuxed.mp4")
        faults = await self.transcoder.remux(source, target, media=media, on_progress=on_progress)
        return ProvenRendition(target, await self._proven(media, target, faults), PublicationKind.REMUXED)

    async def _proven(self, media: MediaInfo, target: Path, faults: int) -> MediaInfo:
        try:
            made = await self.transcoder.probe(target)
        except MediaRejected as error:
            raise CompressionFailed("The rendition can't be read.") from error
        check_rendition(media, made)
        check_decoded(media, made, faults=faults, max_frame_rate=self.profile.max_frame_rate)
        return made
