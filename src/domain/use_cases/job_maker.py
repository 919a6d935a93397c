"""New jobs with ids and attempts of this installation."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.identity import JobId, VideoId
from domain.model.job import ERASE_MAX_ATTEMPTS, ErasePayload, JobPayload, NewJob
from domain.model.video import Video
from domain.ports.id_generator import IdGenerator


@dataclass(frozen=True, slots=True)
class JobMaker:
    """Fills in what every new job has in common."""

    ids: IdGenerator
    max_attempts: int

    def new(self, video_id: VideoId, payload: JobPayload, *, delay_s: float = 0.0) -> NewJob:
        """A job for this video, due after the delay."""
        max_attempts = ERASE_MAX_ATTEMPTS if isinstance(payload, ErasePayload) else self.max_attempts
        return NewJob(JobId(self.ids.new_id()), video_id, payload, max_attempts, delay_s)

    def late_erase(self, video: Video, payload: ErasePayload, *, now: datetime) -> NewJob:
        """Erase once more when no client can be writing there any more."""
        return self.new(video.id, payload, delay_s=video.uploads_end_in_s(now=now))
