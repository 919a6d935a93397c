"""Checks of the query parameters of a connection: none is unknown, and none is repeated."""

from collections.abc import Collection
from typing import Any

from litestar.connection import ASGIConnection

from domain.model.errors import Rejected

MAX_SHOWN_LENGTH = 64


def check_parameters(
    connection: ASGIConnection[Any, Any, Any, Any], known: Collection[str], *, repeatable: Collection[str] = ()
) -> None:
    """Check that every query parameter is one of these, and that none is repeated.

    Raises:
        Rejected: `unknown_parameter` or `repeated_parameter`.
    """
    for name in connection.query_params:
        if name not in known:
            listed = ", ".join(f"`{each}`" for each in known)
            raise Rejected(
                f"There is no query parameter `{name[:MAX_SHOWN_LENGTH]}` here; "
                + (f"the known ones are {listed}." if known else "this operation has none."),
                code="unknown_parameter",
            )
    refuse_repeated_parameters(connection, repeatable)


def refuse_repeated_parameters(
    connection: ASGIConnection[Any, Any, Any, Any], repeatable: Collection[str] = ()
) -> None:
    """Check that no query parameter is repeated, whatever its name.

    Raises:
        Rejected: `repeated_parameter`.
    """
    for name, values in connection.query_params.dict().items():
        if len(values) > 1 and name not in repeatable:
            raise Rejected(
                f"The query parameter `{name[:MAX_SHOWN_LENGTH]}` is sent {len(values)} times; send it once.",
                code="repeated_parameter",
            )
