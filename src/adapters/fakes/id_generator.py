"""Predictable ids."""

import itertools

from domain.ports.id_generator import IdGenerator


class SequentialIdGenerator(IdGenerator):
    """Counts upwards in the shape of a version 4 UUID: …000000000001, …000000000002."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)

    def new_id(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._numbers):012x}"
