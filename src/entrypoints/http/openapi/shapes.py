"""Describes the shared schemas of the OpenAPI document by the docstrings of their classes."""

from collections.abc import Iterator
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from entrypoints.http.errors.problems import Problem
from entrypoints.http.openapi.extension import Document


def http_handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    """Every HTTP handler, with its path as the document has it."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                yield route.path_format, handler


def with_shapes_described(document: Document, app: Litestar) -> Document:
    """The document in which each shared schema has the description of its class.

    The framework leaves it out, or takes that of the first property with this schema.
    """
    _, described = msgspec.json.schema_components(list(_shapes(app)))
    for name, schema in document["components"]["schemas"].items():
        schema.pop("description", None)
        text = described.get(name, {}).get("description")
        if text is not None:
            schema["description"] = text
    return document


def _shapes(app: Litestar) -> Iterator[Any]:
    """The types of the bodies of requests and responses, which name all other types."""
    yield Problem
    for _, handler in http_handlers(app):
        if handler.parsed_data_field is not None:
            yield handler.parsed_data_field.annotation
        for spec in (handler.responses or {}).values():
            shape = cast("Any", spec).data_container
            if shape is not None:
                yield shape
