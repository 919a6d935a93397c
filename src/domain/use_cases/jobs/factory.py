"""Creates new jobs with a new id and the configured number of attempts."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import ERASE_MAX_ATTEMPTS, NewJob
from domain.model.jobs.payloads import ErasePayload, JobPayload
from domain.model.videos.video import Video
from domain.ports.id_generator import IdGenerator


@dataclass(frozen=True, slots=True)
class JobFactory:
    """Sets the fields that every new job has in common."""

    ids: IdGenerator
    max_attempts: int

    def new(self, video_id: VideoId, payload: JobPayload, *, delay_s: float = 0.0) -> NewJob:
        """A job for this video that becomes due after the delay."""
        max_attempts = ERASE_MAX_ATTEMPTS if isinstance(payload, ErasePayload) else self.max_attempts
        return NewJob(JobId(self.ids.new_id()), video_id, payload, max_attempts, delay_s)

    def late_erase(self, video: Video, payload: ErasePayload, *, now: datetime) -> NewJob:
        """A second erase, due when no client can still be writing to the video's source."""
        return self.new(video.id, payload, delay_s=video.last_put_ends_in_s(now=now))
