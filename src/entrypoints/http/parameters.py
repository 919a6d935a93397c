"""Refuses query parameters that an operation does not have, as bodies refuse unknown fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter
from litestar.utils.signature import ParsedSignature

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
    """The names of the query parameters of a route and of what it depends on, in the order of their functions."""
    declared = tuple(_names(handler.parsed_fn_signature, handler.resolve_dependencies()))
    return (*declared, TICKET_PARAMETER) if takes_ticket(handler) else declared


def _names(signature: ParsedSignature, dependencies: Mapping[str, Provide]) -> Iterator[str]:
    for field in signature.parameters.values():
        if isinstance(field.kwarg_definition, QueryParameter):
            yield field.kwarg_definition.name or field.name
        elif field.name in dependencies:
            yield from _names(dependencies[field.name].parsed_fn_signature, dependencies)
