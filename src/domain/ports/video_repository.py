"""Where videos are remembered."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.identity import UserId, VideoId
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import Cursor
from domain.model.video import Video


class VideoRepository(Protocol):
    """Videos by id, and by owner, newest first.

    Whatever it adds, replaces and deletes, what the owners take up follows in the same transaction (`UsageRepository`).
    """

    @abstractmethod
    async def add(self, *videos: Video) -> None:
        """Remember new videos, all or none.

        Raises:
            AlreadyExists: an id is taken; the unit of work can only be rolled back.
        """

    @abstractmethod
    async def get(self, video_id: VideoId) -> Video:
        """The video with this id. Any text is a fine id to ask for.

        Raises:
            VideoNotFound: there is none.
        """

    @abstractmethod
    async def some(self, *video_ids: VideoId) -> list[Video]:
        """Those of the videos that are there, in no order."""

    @abstractmethod
    async def silent_uploads(
        self, *, heard_before: datetime, expired_before: datetime, limit: int, after: VideoId | None = None
    ) -> list[Video]:
        """Videos still uploading whose client was last heard of before one moment, whose URLs expired before another.

        They come by id, from after the given one on.
        """

    @abstractmethod
    async def save(self, video: Video) -> None:
        """Replace what is remembered of a video.

        Raises:
            VideoNotFound: it was deleted meanwhile.
        """

    @abstractmethod
    async def delete(self, video_id: VideoId) -> None:
        """Forget the video and its transcript; an absent one is fine."""

    @abstractmethod
    async def page(
        self, owner: UserId, *, limit: int, after: Cursor | None = None, status: VideoStatus | None = None
    ) -> list[Video]:
        """Up to `limit` of the owner's videos, newest first, ties by id downwards, from after the cursor on."""
