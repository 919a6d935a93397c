"""A limit on how many messages a client of a WebSocket may send."""

from math import floor

MAX_MESSAGES_PER_S = 20
"""Clients send a ping now and then, and nothing else."""


class MessageBudget:
    """Counts the messages of each second."""

    def __init__(self, limit: int = MAX_MESSAGES_PER_S) -> None:
        self._limit = limit
        self._second = 0
        self._count = 0

    def allows(self, now_s: float) -> bool:
        """Count a message that arrives at this time; return whether it is within the limit."""
        second = floor(now_s)
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        return self._count <= self._limit
