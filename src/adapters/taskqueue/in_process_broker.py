"""A Dramatiq broker inside one process, for an installation without Redis."""

from collections.abc import Mapping

from dramatiq.broker import Consumer
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware

from domain.model.jobs.payloads import QueueName


class InProcessBroker(StubBroker):
    """Queues in memory; a queue's concurrency limits how many of its messages are processed at once.

    Messages are lost when the process ends; the sweep sends them again from the jobs table.
    """

    def __init__(self, concurrency: Mapping[QueueName, int], middleware: list[Middleware]) -> None:
        super().__init__(middleware)
        self.concurrency = {queue.value: limit for queue, limit in concurrency.items()}
        for queue_name in self.concurrency:
            self.declare_queue(queue_name)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 100) -> Consumer:
        """Consume one queue; its concurrency replaces `prefetch`, and a message counts until it is acknowledged."""
        return super().consume(queue_name, self.concurrency.get(queue_name, prefetch), timeout)
