"""How a transaction changes the usage of users."""

from datetime import date

from domain.model.access.quota import Footprint, footprint_after_delete, footprint_of
from domain.model.ids import UserId, VideoId
from domain.model.videos.video import Video


class UsageChanges:
    """Tracks the videos of one transaction and sums the changes of their footprints by owner and day.

    It keeps each video as the transaction last read or wrote it, so a video that is saved twice counts once.
    """

    def __init__(self) -> None:
        self._videos: dict[VideoId, Video] = {}
        self._changes: dict[tuple[UserId, date], Footprint] = {}

    def is_tracked(self, video_id: VideoId) -> bool:
        """Whether the video's previous footprint is known."""
        return video_id in self._videos

    def event_seq(self, video_id: VideoId) -> int:
        """The number of the last stored event of a tracked video."""
        return self._videos[video_id].event_seq

    def track(self, video: Video) -> None:
        """Record that the transaction has read the video."""
        self._videos[video.id] = video

    def add(self, *videos: Video) -> None:
        """Record that the transaction has added the videos."""
        for video in videos:
            self._videos[video.id] = video
            self._change(video.owner, footprint_of(video))

    def replace(self, video: Video) -> None:
        """Record the new state of a video that the transaction has read or added."""
        before = self._videos[video.id]
        self._videos[video.id] = video
        self._change(video.owner, footprint_of(video).minus(footprint_of(before)))

    def delete(self, video: Video) -> None:
        """Record that the video, whose last state this is, was deleted."""
        self._videos.pop(video.id, None)
        self._change(video.owner, footprint_after_delete(video).minus(footprint_of(video)))

    def pop(self) -> dict[tuple[UserId, date], Footprint]:
        """The changes since the last call, by owner and day."""
        changed = {key: change for key, change in self._changes.items() if not change.is_zero}
        self._changes.clear()
        return changed

    def _change(self, owner: UserId, change: Footprint) -> None:
        before = self._changes.get((owner, change.day))
        self._changes[owner, change.day] = change if before is None else before.plus(change)
