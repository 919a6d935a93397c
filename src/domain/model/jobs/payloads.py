"""What each kind of job works on, and the queue that carries it."""

from dataclasses import dataclass
from enum import StrEnum

from domain.model.ids import VideoId
from domain.model.object_key import ObjectKey, fence_of
from domain.model.transcripts.speech_intervals import AudioSpan


class JobKind(StrEnum):
    """The kind of work that a job does."""

    IMPORT = "import"
    PROCESS = "process"
    TRANSCRIBE = "transcribe"
    RETRANSCRIBE = "retranscribe"
    POSTER = "poster"
    ERASE = "erase"
    INDEX = "index"
    DELIVER = "deliver"


class QueueName(StrEnum):
    """The queue that carries a job: for CPU work, waiting on other services, maintenance, or webhooks."""

    MEDIA = "media"
    IO = "io"
    MAINTENANCE = "maintenance"
    WEBHOOKS = "webhooks"


QUEUES: dict[JobKind, QueueName] = {
    JobKind.IMPORT: QueueName.IO,
    JobKind.PROCESS: QueueName.MEDIA,
    JobKind.TRANSCRIBE: QueueName.IO,
    JobKind.RETRANSCRIBE: QueueName.MEDIA,
    JobKind.POSTER: QueueName.MEDIA,
    JobKind.ERASE: QueueName.MAINTENANCE,
    JobKind.INDEX: QueueName.MAINTENANCE,
    JobKind.DELIVER: QueueName.WEBHOOKS,
}


@dataclass(frozen=True, slots=True)
class ImportPayload:
    """No data: the video's source says what to download."""


@dataclass(frozen=True, slots=True)
class ProcessPayload:
    """No data: the job needs only the video."""


@dataclass(frozen=True, slots=True)
class TranscribePayload:
    """The speech track and its chunks; `run` is 0 for the first transcript and rises with each regeneration."""

    audio_key: ObjectKey
    spans: tuple[AudioSpan, ...]
    run: int = 0

    @property
    def audio_s(self) -> float:
        """The total duration of the chunks, in seconds."""
        return sum(span.end_s - span.start_s for span in self.spans)


@dataclass(frozen=True, slots=True)
class RetranscribePayload:
    """The transcription run for which the published video's speech track is extracted."""

    run: int


@dataclass(frozen=True, slots=True)
class PosterPayload:
    """The time of the frame that becomes the poster, in seconds."""

    time_s: float


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload in the bucket that was not completed."""

    key: ObjectKey
    upload_id: str


@dataclass(frozen=True, slots=True)
class ErasePayload:
    """What to erase: objects with these keys, all objects under these prefixes except `keep`, and multipart uploads.

    With `through_fence`, only objects of attempts with this fence or an earlier one are erased under the prefixes: a
    later attempt, such as a retry, may be storing objects there while the job runs.
    """

    keys: tuple[ObjectKey, ...] = ()
    prefixes: tuple[str, ...] = ()
    keep: tuple[ObjectKey, ...] = ()
    uploads: tuple[OpenUpload, ...] = ()
    through_fence: int | None = None

    def concerns(self, key: ObjectKey) -> bool:
        """Whether an object that was found under a prefix is to be erased."""
        return key not in self.keep and (self.through_fence is None or fence_of(key) <= self.through_fence)


NO_VIDEO = VideoId("00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True, slots=True)
class IndexPayload:
    """The video after which the transcripts that the search index misses are added; None: from the first one on.

    The job belongs to no video (`NO_VIDEO`): a process of the version before does not know its kind, and reads the
    jobs of a video that it changes.
    """

    after: VideoId | None = None


@dataclass(frozen=True, slots=True)
class DeliverPayload:
    """No data: the job sends the due deliveries of the webhook endpoint whose id it has."""


JobPayload = (
    ImportPayload
    | ProcessPayload
    | TranscribePayload
    | RetranscribePayload
    | PosterPayload
    | ErasePayload
    | IndexPayload
    | DeliverPayload
)

_KINDS: dict[type[JobPayload], JobKind] = {
    ImportPayload: JobKind.IMPORT,
    ProcessPayload: JobKind.PROCESS,
    TranscribePayload: JobKind.TRANSCRIBE,
    RetranscribePayload: JobKind.RETRANSCRIBE,
    PosterPayload: JobKind.POSTER,
    ErasePayload: JobKind.ERASE,
    IndexPayload: JobKind.INDEX,
    DeliverPayload: JobKind.DELIVER,
}


def kind_of(payload: JobPayload) -> JobKind:
    """The job kind that belongs to the payload's type."""
    return _KINDS[type(payload)]
