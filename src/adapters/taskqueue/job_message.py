"""What Dramatiq carries of a job."""

from dramatiq import Message

from domain.model.job import Job


def job_message(job: Job) -> Message[None]:
    """Nothing but the job's id, for the actor named like its kind; the same job makes a message with the same id."""
    return Message[None](
        queue_name=job.queue.value,
        actor_name=job.kind.value,
        args=(job.id,),
        kwargs={},
        options={},
        message_id=job.id,
    )
