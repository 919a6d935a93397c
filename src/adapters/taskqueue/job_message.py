"""The Dramatiq message of a job."""

from dramatiq import Message

from domain.model.jobs.job import Job


def job_message(job: Job) -> Message[None]:
    """A message with only the job's id, for the actor named after its kind; the message's id is also the job's id."""
    return Message[None](
        queue_name=job.queue.value,
        actor_name=job.kind.value,
        args=(job.id,),
        kwargs={},
        options={},
        message_id=job.id,
    )
