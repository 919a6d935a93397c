"""Downloads videos from other sites."""

from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.model.imports.youtube import ImportLimits
from domain.ports.progress import OnProgress


@dataclass(frozen=True, slots=True)
class FetchedVideo:
    """An MP4 on the local disk, with the title that its site gives it."""

    path: Path
    size_bytes: int
    title: str | None = None


class VideoImporter(Protocol):
    """Downloads videos from YouTube."""

    @abstractmethod
    async def fetch(
        self, youtube_id: str, folder: Path, *, limits: ImportLimits, on_progress: OnProgress
    ) -> FetchedVideo:
        """Download one video into an otherwise unused folder, which may temporarily hold twice the video's size.

        The result is a complete video within the limits; whether it can be decoded is not checked. Cancelling the call
        ends every process that it has started before it returns.

        Raises:
            Rejected: another attempt would fail as well: `private`, `live`, `not_found`, `too_long`, `file_too_large`,
                `import_blocked` (the site requires a login, or does not serve this region) or `import_failed`.
            Unavailable: another attempt may succeed: `import_blocked` (too many requests, with `retry_after_s`),
                `import_failed` (a network error, a site error, or no progress) or `disk_full`; not retryable when the
                program is not installed (`tool_missing`).
        """
