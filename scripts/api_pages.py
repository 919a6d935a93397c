"""Generates the pages about the HTTP API: the OpenAPI document and the error codes."""

import json
from contextlib import AbstractAsyncContextManager
from itertools import groupby

from entrypoints.application import Application
from entrypoints.http.app import create_app
from entrypoints.http.errors.codes import ERROR_CODES

_INTRODUCTION = """\
# Error codes

Generated from `src/entrypoints/http/errors/codes.py` by `just docs`; do not edit this page.

Every error response is a problem document (RFC 9457, `application/problem+json`). Its `code` is stable and meant for
programs; its `detail` is for people and may change. The values of a video's `failure.code` are listed on a
[separate page](lifecycle.md).
"""


def openapi_page() -> str:
    """The OpenAPI document, sorted so that two versions are easy to compare."""
    document = create_app(_unopened).openapi_schema.to_schema()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def errors_page() -> str:
    """The list of error codes, each with its status and what a client can do."""
    ordered = sorted(ERROR_CODES, key=lambda code: (ERROR_CODES[code].status, code))
    lines = [_INTRODUCTION, "| status | code | what to do |", "|---|---|---|"]
    for status, codes in groupby(ordered, lambda code: ERROR_CODES[code].status):
        lines += [f"| {status} | `{code}` | {ERROR_CODES[code].advice} |" for code in codes]
    return "\n".join(lines) + "\n"


def _unopened() -> AbstractAsyncContextManager[Application]:
    raise NotImplementedError("Generating a page needs no running application.")
