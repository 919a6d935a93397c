"""What the OpenAPI document says beside the shapes."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin, ScalarRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Example

from entrypoints.http.auth import COMPONENTS
from entrypoints.http.problems import MEDIA_TYPE, Problem

# The request makes no sense, the caller is unknown, or what we depend on is away.
_ANY_ROUTE = (400, 401, 503)

OPENAPI = OpenAPIConfig(
    title="Telecine",
    version="1",
    description="Upload video straight to the bucket; get back something small that plays, with captions.",
    path="/schema",
    components=COMPONENTS,
    render_plugins=[ScalarRenderPlugin(), JsonRenderPlugin(), YamlRenderPlugin()],
)


def problems(*statuses: int) -> Mapping[int, ResponseSpec]:
    """The problem documents that a route may answer with, beside those that any route may."""
    return {
        status: ResponseSpec(
            Problem, media_type=MEDIA_TYPE, description=HTTPStatus(status).phrase, generate_examples=False
        )
        for status in sorted({*_ANY_ROUTE, *statuses})
    }


def example(summary: str, body: msgspec.Struct) -> Example:
    """A request body to copy."""
    return Example(summary=summary, value=msgspec.to_builtins(body))
