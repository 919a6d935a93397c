"""Fresh ids, as something we need from outside."""

from abc import abstractmethod
from typing import Protocol


class IdGenerator(Protocol):
    """A source of ids that nobody can guess and that never repeat."""

    @abstractmethod
    def new_id(self) -> str:
        """A random UUID (RFC 9562, version 4) in lower-case hexadecimal with dashes."""
