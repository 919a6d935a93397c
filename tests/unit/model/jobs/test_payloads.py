import pytest

from domain.model.jobs.payloads import (
    QUEUES,
    ErasePayload,
    ImportPayload,
    IndexPayload,
    JobKind,
    JobPayload,
    PosterPayload,
    ProcessPayload,
    QueueName,
    RetranscribePayload,
    TranscribePayload,
    kind_of,
)
from domain.model.object_key import DerivedKeys
from tests.support.builders import OWNER, VIDEO_ID, a_job, a_new_job

AUDIO_KEY = DerivedKeys(OWNER, VIDEO_ID, fence=1).audio


@pytest.mark.parametrize(
    ("payload", "kind", "queue"),
    [
        (ImportPayload(), JobKind.IMPORT, QueueName.IO),
        (ProcessPayload(), JobKind.PROCESS, QueueName.MEDIA),
        (TranscribePayload(AUDIO_KEY, ()), JobKind.TRANSCRIBE, QueueName.IO),
        (RetranscribePayload(1), JobKind.RETRANSCRIBE, QueueName.MEDIA),
        (PosterPayload(1.5), JobKind.POSTER, QueueName.MEDIA),
        (ErasePayload(), JobKind.ERASE, QueueName.MAINTENANCE),
        (IndexPayload(), JobKind.INDEX, QueueName.MAINTENANCE),
    ],
)
def test_the_payload_decides_kind_and_queue(payload: JobPayload, kind: JobKind, queue: QueueName) -> None:
    """A job can't carry the payload of another kind."""
    job = a_job(payload=payload)
    assert (job.kind, job.queue) == (kind, queue)
    assert kind_of(a_new_job(payload=payload).payload) is kind


def test_every_kind_has_a_queue() -> None:
    """No job is in a queue that no worker reads."""
    assert set(QUEUES) == set(JobKind)
