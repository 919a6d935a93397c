"""Settings of the job queue and of a worker's concurrency."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.addresses import is_address
from entrypoints.config.values import ConcernSettings, Positive, Secret, variable

REDIS_SCHEMES = frozenset({"redis", "rediss"})


class JobQueueSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Redis, which carries jobs between processes, and how many jobs a worker runs at once."""

    redis_url: Annotated[
        Secret | None,
        Meta(
            description="Redis server that carries jobs to workers and counts rate limits: `redis://host:6379/0`. "
            "Unset: both stay inside each process."
        ),
    ] = None
    media_concurrency: Annotated[
        Positive,
        Meta(description="Jobs of the queue `media` (compression, extraction of speech) that a worker runs at once."),
    ] = 1
    io_concurrency: Annotated[
        Positive, Meta(description="Jobs of the queue `io` (imports, transcription) that a worker runs at once.")
    ] = 2
    webhook_concurrency: Annotated[
        Positive, Meta(description="Webhooks that a worker sends events to at once, each with several requests.")
    ] = 16

    @property
    def is_shared(self) -> bool:
        """Redis carries jobs between processes; otherwise they stay inside one process."""
        return self.redis_url is not None

    def problems(self) -> list[str]:
        if self.redis_url is None or is_address(self.redis_url.reveal(), REDIS_SCHEMES):
            return []
        return ["TELECINE_REDIS_URL: redis://host:port/number is required, or rediss:// for TLS"]
