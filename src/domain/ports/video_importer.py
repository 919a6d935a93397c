"""Fetching videos from other sites."""

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.model.youtube import ImportLimits
from domain.ports.object_store import OnProgress


@dataclass(frozen=True, slots=True)
class FetchedVideo:
    """An MP4 on the local disk, and what its site calls it."""

    path: Path
    size_bytes: int
    title: str | None = None


class VideoImporter(Protocol):
    """Fetches videos from YouTube."""

    @abstractmethod
    async def fetch(
        self, youtube_id: str, folder: Path, *, limits: ImportLimits, on_progress: OnProgress
    ) -> FetchedVideo:
        """Fetch one video into a folder of its own, which may hold twice as much on the way.

        Only a whole video within the limits is answered; that it can be decoded is for others to find out. Cancelling
        the call ends what it has started, with all of that, before it returns.

        Raises:
            Rejected: another attempt would end the same way: `private`, `live`, `not_found`, `too_long`,
                `file_too_large`, `import_blocked` (the site wants to know who asks, or does not serve this place) or
                `import_failed`.
            Unavailable: another attempt may go better: `import_blocked` (too many requests, with `retry_after_s`),
                `import_failed` (the network, a fault of the site's, no progress) or `disk_full`; not retryable where
                the means are missing (`tool_missing`).
        """
