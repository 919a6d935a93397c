"""Generated pages about the HTTP API: the OpenAPI document and the error codes."""

import json
from contextlib import AbstractAsyncContextManager
from itertools import groupby

from entrypoints.application import Application
from entrypoints.http.app import create_app
from entrypoints.http.error_codes import ERROR_CODES

_INTRODUCTION = """\
# Error codes

Written from `src/entrypoints/http/error_codes.py` by `just docs`; don't edit this page.

Every error is answered with a problem document (RFC 9457, `application/problem+json`). Its `code` is stable and meant
for programs, its `detail` is for people and may change. `failure.code` of a video, which says why one has failed, has a
[list of its own](lifecycle.md).
"""


def openapi_page() -> str:
    """What clients are promised, in an order that makes two versions easy to compare."""
    document = create_app(_unopened).openapi_schema.to_schema()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def errors_page() -> str:
    """Every code with its status and what a client can do."""
    ordered = sorted(ERROR_CODES, key=lambda code: (ERROR_CODES[code].status, code))
    lines = [_INTRODUCTION, "| status | code | what to do |", "|---|---|---|"]
    for status, codes in groupby(ordered, lambda code: ERROR_CODES[code].status):
        lines += [f"| {status} | `{code}` | {ERROR_CODES[code].advice} |" for code in codes]
    return "\n".join(lines) + "\n"


def _unopened() -> AbstractAsyncContextManager[Application]:
    raise NotImplementedError("Nothing is served to write a page.")
