"""New jobs with ids and attempts of this installation."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.identity import JobId, VideoId
from domain.model.job import ErasePayload, JobPayload, NewJob
from domain.model.video import Video
from domain.ports.id_generator import IdGenerator

# A worker that has lost its lease notices within its renewal interval; until then it may still store an object.
LATE_ERASE_MARGIN_S = 300.0


@dataclass(frozen=True, slots=True)
class JobMaker:
    """Fills in what every new job has in common."""

    ids: IdGenerator
    max_attempts: int

    def new(self, video_id: VideoId, payload: JobPayload, *, delay_s: float = 0.0) -> NewJob:
        """A job for this video, due after the delay."""
        return NewJob(JobId(self.ids.new_id()), video_id, payload, self.max_attempts, delay_s)

    def late_erase(self, video: Video, payload: ErasePayload, *, now: datetime) -> NewJob:
        """Erase when nobody can write there any longer: a presigned URL outlives its use."""
        url_lives_s = max((video.upload_expires_at - now).total_seconds(), 0.0)
        return self.new(video.id, payload, delay_s=url_lives_s + LATE_ERASE_MARGIN_S)
