"""The contract of every id generator."""

import uuid
from collections.abc import Callable

import pytest

from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.system.id_generator import RandomIdGenerator
from domain.ports.id_generator import IdGenerator

GENERATORS: dict[str, Callable[[], IdGenerator]] = {"fake": SequentialIdGenerator, "system": RandomIdGenerator}
MANY = 1000


@pytest.fixture(params=GENERATORS)
def ids(request: pytest.FixtureRequest) -> IdGenerator:
    """Each generator in turn."""
    return GENERATORS[str(request.param)]()


def test_an_id_is_the_text_of_a_version_4_uuid(ids: IdGenerator) -> None:
    """Lower-case hexadecimal with dashes, as keys, URLs and database columns expect."""
    made = ids.new_id()
    parsed = uuid.UUID(made)
    assert (str(parsed), parsed.version, parsed.variant) == (made, 4, uuid.RFC_4122)


def test_no_id_comes_twice(ids: IdGenerator) -> None:
    """Each call returns a new id."""
    assert len({ids.new_id() for _ in range(MANY)}) == MANY


def test_random_ids_are_unpredictable() -> None:
    """Two generators have no id in common."""
    assert RandomIdGenerator().new_id() != RandomIdGenerator().new_id()


def test_the_fake_counts() -> None:
    """A test can write down the next id."""
    assert SequentialIdGenerator(first=255).new_id() == "00000000-0000-4000-8000-0000000000ff"
