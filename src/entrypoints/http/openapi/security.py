"""Adds to every operation of the OpenAPI document the scopes that it requires."""

from litestar import Litestar

from entrypoints.http.auth import SCHEME
from entrypoints.http.openapi.extension import Document
from entrypoints.http.openapi.shapes import http_handlers
from entrypoints.http.scopes import required_scopes


def with_scopes(document: Document, app: Litestar) -> Document:
    """The document in which a bearer token is required with one of the operation's scopes, each as an alternative."""
    for path, handler in http_handlers(app):
        for method in handler.http_methods:
            operation = document["paths"].get(path, {}).get(method.lower())
            if operation is not None and "security" in operation:
                others = [each for each in operation["security"] if SCHEME not in each]
                scopes = required_scopes(handler, method)
                operation["security"] = [*({SCHEME: [scope.value]} for scope in scopes), *others]
    return document
