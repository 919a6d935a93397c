"""Refuses query parameters that an operation does not have, as bodies refuse unknown fields, and repeated ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter
from litestar.utils.signature import ParsedSignature

from entrypoints.http.auth import method_of
from entrypoints.http.events.access import TICKET_PARAMETER, takes_ticket
from entrypoints.http.query import check_parameters


def refuse_unknown_parameters(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Reject a request with a query parameter that the route does not declare, or with one twice that has one value.

    A misspelt filter would do nothing, and neither would one of two values.

    Raises:
        Rejected: `unknown_parameter` or `repeated_parameter`.
    """
    if connection.query_params and method_of(connection) != "OPTIONS":
        declared = {field.name: field.is_list for field in _fields_of(handler)}
        check_parameters(connection, declared, repeatable=[name for name, is_list in declared.items() if is_list])


@dataclass(frozen=True, slots=True)
class _Field:
    """A declared parameter, and whether it has a list of values."""

    name: str
    is_list: bool = False


def _fields_of(handler: BaseRouteHandler) -> tuple[_Field, ...]:
    """The query parameters of a route and of what it depends on, in the order of their functions."""
    declared = tuple(_fields(handler.parsed_fn_signature, handler.resolve_dependencies()))
    return (*declared, _Field(TICKET_PARAMETER)) if takes_ticket(handler) else declared


def _fields(signature: ParsedSignature, dependencies: Mapping[str, Provide]) -> Iterator[_Field]:
    for field in signature.parameters.values():
        if isinstance(field.kwarg_definition, QueryParameter):
            is_list = any(each.is_non_string_sequence for each in (field, *field.inner_types))
            yield _Field(field.kwarg_definition.name or field.name, is_list)
        elif field.name in dependencies:
            yield from _fields(dependencies[field.name].parsed_fn_signature, dependencies)
