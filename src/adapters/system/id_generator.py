"""The IdGenerator port by the operating system's randomness."""

import uuid

from domain.ports.id_generator import IdGenerator


class RandomIdGenerator(IdGenerator):
    """Version 4 UUIDs: 122 random bits."""

    def new_id(self) -> str:
        """A fresh one; `uuid4` reads `os.urandom`."""
        return str(uuid.uuid4())
