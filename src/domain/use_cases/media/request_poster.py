"""Choose the poster of a video."""

from dataclasses import dataclass

from domain.model.errors import Conflict, Rejected
from domain.model.ids import UserId, VideoId
from domain.model.jobs.payloads import PosterPayload
from domain.model.jobs.poster_jobs import poster_in_progress
from domain.model.videos.guards import require_owner, require_playable
from domain.model.videos.video import Video
from domain.ports.database import Database
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory


@dataclass(frozen=True, slots=True)
class RequestPoster:
    """Choose the frame that is shown before playback.

    - A job makes the poster from the file that is played. The event `poster.ready` says that it is stored; until then
      the current poster stays.
    - If it cannot be made, the current poster stays, the video gets the warning `poster_failed`, and the event is
      `poster.failed`.
    - One poster is made at a time. Repeating the request with the same time changes nothing.
    - The storyboard stays as it is.
    """

    database: Database
    jobs: JobFactory
    dispatch: DispatchJob

    async def __call__(self, owner: UserId, video_id: VideoId, time_s: float) -> Video:
        """Queue the job that makes the poster.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable` or `poster_in_progress`.
            Rejected: `no_picture` or `invalid_poster_time`.
        """
        payload = PosterPayload(time_s)
        async with self.database.write() as work:
            video = require_owner(await work.videos.get(video_id), owner)
            _require_frame(video, time_s)
            current = poster_in_progress(await work.jobs.of_video(video_id))
            if current is not None:
                if current == payload:
                    return video
                raise Conflict("Another poster of this video is being made.", code="poster_in_progress")
            job = await work.jobs.add(self.jobs.new(video_id, payload))
        await self.dispatch(job)
        return video


def _require_frame(video: Video, time_s: float) -> None:
    require_playable(video)
    media = video.media
    if media is None or not media.has_picture:
        raise Rejected("This video is sound alone; it has no frames.", code="no_picture")
    if not 0 <= time_s <= media.duration_s:
        raise Rejected(
            f"`time_s` must be from 0 to {media.duration_s:g}, the length of the video.", code="invalid_poster_time"
        )
