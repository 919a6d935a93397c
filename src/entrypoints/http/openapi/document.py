"""The OpenAPI document: its configuration, error responses and examples."""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus
from importlib.metadata import version
from inspect import getdoc
from itertools import groupby
from typing import cast

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Example, Tag

from entrypoints.http.auth import COMPONENTS
from entrypoints.http.errors.codes import ERROR_CODES
from entrypoints.http.errors.details import DETAILS
from entrypoints.http.errors.problems import MEDIA_TYPE, Problem, problem, reason_phrase
from entrypoints.http.openapi.extension import Extend, ExtendedConfig
from entrypoints.http.openapi.reference_page import ReferencePage

_ANY_ROUTE = (
    "invalid_request",
    "unknown_parameter",
    "repeated_parameter",
    "missing_token",
    "invalid_token",
    "token_expired",
    "invalid_subject",
    "insufficient_scope",
    "rate_limited",
    "internal_error",
    "unavailable",
    "database_unavailable",
    "storage_unavailable",
    "jwks_unavailable",
    "stopping",
)
JSON_BODY = ("body_too_large", "unsupported_media_type")
HINTS = ("invalid_language", "invalid_keywords")
ORIGINAL = ("invalid_original",)
KEY = ("invalid_idempotency_key", "idempotency_key_reused", "idempotency_key_spent")
REPEATABLE = (
    *KEY,
    "idempotency_key_in_use",
    "too_many_videos_in_flight",
    "daily_upload_quota_exceeded",
    "storage_quota_exceeded",
)
DECLARATION = (
    "invalid_filename",
    "unsupported_extension",
    "unsupported_content_type",
    "invalid_file_size",
    "file_too_large",
    *REPEATABLE,
)


_GROUPS = {
    "videos": "Upload, import, list, change, play and delete videos, and their transcripts.",
    "search": "Search in all transcripts.",
    "events": "Follow videos as they change.",
    "webhooks": "Be called when videos change.",
    "account": "What a token permits, and what this server accepts.",
    "operator": "The installation, its jobs and its users; needs the scope `admin`.",
    "health": "For supervisors and load balancers.",
}
"""The groups of operations, in the order of the reference."""


def _operation_id(handler: HTTPRouteHandler, *_: object) -> str:
    """The name of the route's function, which generated clients use as the name of a method."""
    return handler.fn.__name__


def openapi_config(extend: Extend) -> OpenAPIConfig:
    """The configuration of a document that passes through `extend` at the end."""
    return ExtendedConfig(
        title="Telecine",
        version=version("telecine"),
        description="Upload a video directly to the bucket; get a compressed, streamable version with captions.",
        path="/schema",
        components=COMPONENTS,
        operation_id_creator=_operation_id,
        tags=[Tag(name=name, description=description) for name, description in _GROUPS.items()],
        render_plugins=[ReferencePage(), JsonRenderPlugin(), YamlRenderPlugin()],
        extend=extend,
    )


def problems(*codes: str) -> Mapping[int, ResponseSpec]:
    """The problem documents of a route, by status: those with these codes, and those that every route may return."""
    ordered = sorted({*_ANY_ROUTE, *codes}, key=lambda code: (ERROR_CODES[code].status, code))
    return {
        status: _error_response(status, list(same))
        for status, same in groupby(ordered, lambda code: ERROR_CODES[code].status)
    }


def _error_response(status: int, codes: list[str]) -> ResponseSpec:
    listed = "\n".join(f"- `{code}`: {ERROR_CODES[code].advice}" for code in codes)
    return ResponseSpec(
        Problem,
        media_type=MEDIA_TYPE,
        description=f"{reason_phrase(status)}\n\n{listed}",
        generate_examples=False,
        examples=[example(code, problem(status, code, DETAILS[code])) for code in codes],
    )


class _Null(Enum):
    """Stands for null in an example, because the framework omits fields whose value is None."""

    NULL = None


def example(summary: str, body: msgspec.Struct | str) -> Example:
    """An example of a request or response body."""
    return Example(summary=summary, value=_with_nulls(msgspec.to_builtins(body)))


def _with_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _with_nulls(each) for name, each in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_with_nulls(each) for each in cast("list[object]", value)]
    return _Null.NULL if value is None else value


def json_response(status: int, **bodies: msgspec.Struct) -> Mapping[int, ResponseSpec]:
    """A JSON response of a route; each keyword titles its example, and the shape's docstring is the description."""
    shape = type(next(iter(bodies.values())))
    examples = [example(summary.replace("_", " ").capitalize(), body) for summary, body in bodies.items()]
    return {status: ResponseSpec(shape, description=getdoc(shape) or "", generate_examples=False, examples=examples)}


def text_response(media_type: str, body: str, description: str = "The transcript.") -> Mapping[int, ResponseSpec]:
    """A plain-text response of a route."""
    examples = [example("Two cues", body)]
    spec = ResponseSpec(str, media_type=media_type, description=description, generate_examples=False, examples=examples)
    return {HTTPStatus.OK: spec}
