"""New unique ids."""

from abc import abstractmethod
from typing import Protocol


class IdGenerator(Protocol):
    """Generates ids that can't be guessed and never repeat."""

    @abstractmethod
    def new_id(self) -> str:
        """A random UUID (RFC 9562, version 4) in lower-case hexadecimal with dashes."""
