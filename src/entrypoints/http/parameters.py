"""Refuses query parameters that an operation does not have, as bodies refuse unknown fields."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from domain.model.errors import Rejected
from entrypoints.http.auth import method_of
from entrypoints.http.events.access import TICKET_PARAMETER, takes_ticket

MAX_SHOWN_LENGTH = 64


def refuse_unknown_parameters(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Reject a request with a query parameter that the route does not declare; a misspelt filter would do nothing.

    Raises:
        Rejected: `unknown_parameter`.
    """
    if not connection.query_params:
        return
    known = known_parameters(handler)
    unknown = [name for name in connection.query_params if name not in known]
    if unknown and method_of(connection) != "OPTIONS":
        listed = ", ".join(f"`{name}`" for name in known)
        raise Rejected(
            f"There is no query parameter `{unknown[0][:MAX_SHOWN_LENGTH]}` here; "
            + (f"the known ones are {listed}." if known else "this operation has none."),
            code="unknown_parameter",
        )


def known_parameters(handler: BaseRouteHandler) -> tuple[str, ...]:
    """The names of the query parameters of a route, in the order of its function."""
    declared = [
        field.kwarg_definition.name or field.name
        for field in handler.parsed_fn_signature.parameters.values()
        if isinstance(field.kwarg_definition, QueryParameter)
    ]
    return (*declared, TICKET_PARAMETER) if takes_ticket(handler) else tuple(declared)
