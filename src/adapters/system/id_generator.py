"""The IdGenerator port, with the randomness of the operating system."""

import uuid

from domain.ports.id_generator import IdGenerator


class RandomIdGenerator(IdGenerator):
    """Version 4 UUIDs: 122 random bits from `os.urandom`."""

    def new_id(self) -> str:
        return str(uuid.uuid4())
