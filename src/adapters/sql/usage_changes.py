"""What a transaction changes of what users take up."""

from datetime import date

from domain.model.identity import UserId, VideoId
from domain.model.usage import Footprint, footprint_left, footprint_of
from domain.model.video import Video


class UsageChanges:
    """Follows the videos of one transaction, and adds up by owner and day how their footprints change.

    It knows each video as the transaction has last read or written it, so one that is saved twice counts once.
    """

    def __init__(self) -> None:
        self._videos: dict[VideoId, Video] = {}
        self._changes: dict[tuple[UserId, date], Footprint] = {}

    def has_seen(self, video_id: VideoId) -> bool:
        """Whether it is known what the video took up before."""
        return video_id in self._videos

    def see(self, video: Video) -> None:
        """The video was read."""
        self._videos[video.id] = video

    def add(self, *videos: Video) -> None:
        """The videos are new."""
        for video in videos:
            self._videos[video.id] = video
            self._change(video.owner, footprint_of(video))

    def replace(self, video: Video) -> None:
        """A video that was seen has become this one."""
        before = self._videos[video.id]
        self._videos[video.id] = video
        self._change(video.owner, footprint_of(video).minus(footprint_of(before)))

    def delete(self, video: Video) -> None:
        """The video, last known like this, is gone."""
        self._videos.pop(video.id, None)
        self._change(video.owner, footprint_left(video).minus(footprint_of(video)))

    def take(self) -> dict[tuple[UserId, date], Footprint]:
        """What has changed since this was last asked, by owner and day."""
        taken = {place: change for place, change in self._changes.items() if not change.is_nothing}
        self._changes.clear()
        return taken

    def _change(self, owner: UserId, change: Footprint) -> None:
        before = self._changes.get((owner, change.day))
        self._changes[owner, change.day] = change if before is None else _sum(before, change)


def _sum(one: Footprint, other: Footprint) -> Footprint:
    return Footprint(
        one.videos_in_flight + other.videos_in_flight,
        one.stored_bytes + other.stored_bytes,
        one.uploads + other.uploads,
        one.day,
    )
