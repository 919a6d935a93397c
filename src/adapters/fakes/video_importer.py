"""A fake site that has a video for every id."""

import asyncio
from pathlib import Path

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Rejected, TelecineError
from domain.model.failure import FailureCode
from domain.model.imports.youtube import ImportLimits
from domain.ports.progress import OnProgress
from domain.ports.video_importer import FetchedVideo, VideoImporter


class FakeVideoImporter(VideoImporter):
    """Writes `content` as the video of any id and records its calls; `fail` and `hang` make it fail or hang."""

    def __init__(self, content: bytes | None = None, *, title: str | None = "A day out") -> None:
        self.content = fake_video_bytes() if content is None else content
        self.title = title
        self.fetched: list[str] = []
        self.is_hanging = asyncio.Event()
        self._error: TelecineError | None = None
        self._failures_left: float = 0
        self._hangs = False

    def fail(self, error: TelecineError, *, times: float = float("inf")) -> None:
        """Raise this error from the next `times` calls, by default from all."""
        self._error = error
        self._failures_left = times

    def hang(self) -> None:
        """Make the next calls wait until they are cancelled; `is_hanging` is set while a call waits."""
        self._hangs = True

    def resume(self) -> None:
        """End `hang` for the next calls."""
        self._hangs = False

    async def fetch(
        self, youtube_id: str, folder: Path, *, limits: ImportLimits, on_progress: OnProgress
    ) -> FetchedVideo:
        self.fetched.append(youtube_id)
        on_progress(50.0)
        await asyncio.sleep(0)
        if self._hangs:
            await self._wait_for_ever()
        if self._error and self._failures_left > 0:
            self._failures_left -= 1
            raise self._error
        if len(self.content) > limits.max_size_bytes:
            raise Rejected("The video is too large.", code=FailureCode.FILE_TOO_LARGE.value)
        path = folder / "source.mp4"
        await asyncio.to_thread(path.write_bytes, self.content)
        on_progress(100.0)
        return FetchedVideo(path, len(self.content), self.title)

    async def _wait_for_ever(self) -> None:
        self.is_hanging.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_hanging.clear()
