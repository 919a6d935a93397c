"""The client's errors, as errors of this program."""

from collections.abc import Generator
from contextlib import contextmanager

from domain.model.errors import TelecineError
from telecine_client.errors import ClientError


@contextmanager
def client_errors() -> Generator[None]:
    """Raise an error of the client as an error of this program, which prints its detail and code."""
    try:
        yield
    except ClientError as error:
        raise TelecineError(error.detail, code=error.code) from error
