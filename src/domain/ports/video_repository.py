"""Storage of videos."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.ids import UserId, VideoId
from domain.model.videos.listing import NEWEST_FIRST, ListedVideo, ListPosition, VideoListing
from domain.model.videos.video import Video


class VideoRepository(Protocol):
    """Videos by id, and in lists by owner. A video that is read has the `captions` of its current transcript.

    Every write also updates the owners' usage (`UsageRepository`) and appends the videos' pending events to the
    `EventLog` in the same transaction: each event once, also if a value that has been saved is saved again.
    """

    @abstractmethod
    async def add(self, *videos: Video) -> None:
        """Store new videos, all or none.

        Raises:
            AlreadyExists: an id is taken; the unit of work can only be rolled back.
        """

    @abstractmethod
    async def get(self, video_id: VideoId) -> Video:
        """The video with this id; any text is accepted as an id.

        Raises:
            VideoNotFound: there is none.
        """

    @abstractmethod
    async def get_many(self, *video_ids: VideoId) -> list[Video]:
        """The videos with these ids that exist, in no particular order."""

    @abstractmethod
    async def stale_uploads(
        self, *, updated_before: datetime, expired_before: datetime, limit: int, after: VideoId | None = None
    ) -> list[Video]:
        """Videos in `uploading` that were last updated before `updated_before` and expired before `expired_before`.

        They are sorted by id and begin after the id `after`.
        """

    @abstractmethod
    async def expired_originals(self, *, limit: int, after: VideoId | None = None) -> list[Video]:
        """Videos whose original was kept beside a rendition until a time that is past on the database's clock.

        They are sorted by id and begin after the id `after`.
        """

    @abstractmethod
    async def save(self, video: Video) -> None:
        """Replace the stored video, and append those of its pending events that are not in the log yet.

        Raises:
            VideoNotFound: it has been deleted.
            StaleVideo: it has had another event since it was read, so an event of this value would be lost.
        """

    @abstractmethod
    async def delete(self, video_id: VideoId, *, now: datetime) -> None:
        """Delete the video, its transcript and its playback tokens, with the event `video.deleted`.

        An absent video is no error.
        """

    @abstractmethod
    async def page(
        self, owner: UserId, *, limit: int, listing: VideoListing = NEWEST_FIRST, after: ListPosition | None = None
    ) -> list[ListedVideo]:
        """Up to `limit` of the owner's videos in this list, after the position.

        Titles are compared by the code points of their keys; equal values are ordered by id, in the same direction.
        """

    @abstractmethod
    async def fill_title_keys(self, *, limit: int) -> int:
        """Complete up to `limit` videos that a process of an older version added, so that they are found by title.

        Returns their number.
        """
