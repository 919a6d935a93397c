"""Sends valid and slightly invalid requests made from the OpenAPI document, and checks the responses against it."""

import base64
import re
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import schemathesis
from hypothesis import strategies as st
from schemathesis import HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.python.asgi import shutdown_lifespans

# The library does not type these objects.
Document: TypeAlias = Any
Case: TypeAlias = Any

DOCUMENT = "/schema/openapi.json"
STREAMS = r"/events$"
PHASES = ("examples", "coverage", "fuzzing", "stateful")

# The statuses that a valid request may get; 413 depends on the limits of an installation.
_ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "413", "429"]
_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "411", "413", "415", "422", "428", "429"]
_OPERATIONS = [
    # JSON Schema cannot describe the name and the type of a file in a form.
    {"include-name": "POST /api/videos/upload", "checks": {"positive_data_acceptance": {"enabled": False}}},
    # Whether an upload is complete depends on the bucket; a client's report of a failed upload gets 400.
    {
        "include-name": "POST /api/videos/{video_id}/upload/complete",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "400", "422"]}},
    },
    # JSON Schema cannot describe caption files.
    {
        "include-name": "PUT /api/videos/{video_id}/transcript.vtt",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "400"]}},
    },
    # JSON Schema cannot describe well that a name without an extension needs a known type.
    {
        "include-name": "POST /api/videos/upload/presigned",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "422"]}},
    },
    # A cursor is valid for one order and one filter; a query may have too many words, and a time may be outside of UTC.
    {
        "include-name": "GET /api/videos",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "400", "422"]}},
    },
    # JSON Schema cannot describe the size and the depth of metadata.
    {
        "include-name": "PATCH /api/videos/{video_id}",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "422"]}},
    },
    {
        "include-name": "POST /api/videos/youtube",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "422", "400"]}},
    },
    # JSON Schema cannot describe that a query contains a word; the cursor of a search is not the cursor of a list.
    {
        "include-name": "GET /api/search",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "400", "422"]}},
    },
    {
        "include-name": "GET /api/videos/{video_id}/transcript",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "422"]}},
    },
    # JSON Schema cannot describe which receivers the operator allows, and which text can be stored.
    {
        "include-path-regex": "^/api/webhooks",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "400", "422"]}},
    },
    # Which part numbers exist depends on the upload.
    {
        "include-name": "POST /api/videos/{video_id}/upload/parts",
        "checks": {"positive_data_acceptance": {"expected-statuses": [*_ACCEPTED, "422"]}},
    },
]
_A_CURSOR = base64.urlsafe_b64encode(b"2026-01-01T00:00:00+00:00 x").decode().rstrip("=")


@dataclass
class Traffic:
    """What was sent and found: `failures` maps each kind of failure to one request that reproduces it."""

    operations: set[str] = field(default_factory=set[str])
    statuses: Counter[int] = field(default_factory=Counter[int])
    failures: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def cases(self) -> int:
        """Number of requests that got a response."""
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        """Number of responses with a 5xx status."""
        return sum(count for status, count in self.statuses.items() if status >= 500)

    def note(self, event: object) -> None:
        """Record an event of the engine."""
        if isinstance(event, events.ScenarioFinished):
            self._note_scenario(event.recorder)
        elif isinstance(event, events.NonFatalError):
            self.failures[f"{event.label}: {event.value!r}"] = ""
        elif isinstance(event, events.FatalError):
            raise event.exception

    def _note_scenario(self, recorder: Any) -> None:  # noqa: ANN401 (it is not exported)
        self.operations.add(recorder.label)
        self.statuses.update(each.response.status_code for each in recorder.interactions.values() if each.response)
        for check in (check for checks in recorder.checks.values() for check in checks):
            if check.failure_info is not None:
                failure: Failure = check.failure_info.failure
                description = f"{recorder.label}: {check.name}: {failure.title}: {failure.message}"
                self.failures.setdefault(description, check.failure_info.code_sample)


def document_of(app: Any, config: SchemathesisConfig) -> Document:  # noqa: ANN401 (any ASGI application)
    """Load the document of an application in this process; the application stays open until `closing_apps` ends."""
    return _without_streams(schemathesis.openapi.from_asgi(DOCUMENT, app, config=config))


def document_at(url: str, config: SchemathesisConfig) -> Document:
    """Load the document of a server."""
    return _without_streams(schemathesis.openapi.from_url(url + DOCUMENT, config=config))


def _without_streams(document: Document) -> Document:
    """Leave out the event streams, which do not end; their own tests send invalid requests to them."""
    return document.exclude(path_regex=STREAMS)


@contextmanager
def closing_apps() -> Generator[None]:
    """Close at the end every application that was opened inside the block."""
    try:
        yield
    finally:
        shutdown_lifespans()


def traffic_plan(*, max_examples: int, phases: Sequence[str], seed: int) -> SchemathesisConfig:
    """Configure the number of examples per operation and the phases; the same seed sends the same requests."""
    config: SchemathesisConfig = cast("Any", SchemathesisConfig).from_dict(
        {
            "seed": seed,
            "generation": {"max-examples": max_examples, "database": "none"},
            "phases": {name: {"enabled": name in phases} for name in PHASES},
            "continue-on-failure": True,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": _ACCEPTED},
                "negative_data_rejection": {"expected-statuses": _REFUSED},
            },
            "operations": _OPERATIONS,
        }
    )
    return config


def send_traffic(document: Document, token: str) -> Traffic:
    """Send every generated request, and check every response against the document."""
    schemathesis.openapi.format("cursor", st.just(_A_CURSOR))
    _authenticate(document, token)
    document.hook("filter_body")(_has_no_float)
    document.hook("filter_failure")(_is_failure)
    traffic = Traffic()
    for event in from_schema(document).execute():
        traffic.note(event)
    return traffic


def operations_of(document: Document) -> set[str]:
    """Name every operation as `Traffic.operations` does: `METHOD /path`."""
    paths = {path: methods for path, methods in document.raw_schema["paths"].items() if not re.search(STREAMS, path)}
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def _authenticate(document: Document, token: str) -> None:
    @document.auth()
    class Bearer:
        def get(self, case: Case, context: Any) -> str:  # noqa: ANN401 (the library's own)
            del case, context
            return token

        def set(self, case: Case, data: str, context: Any) -> None:  # noqa: ANN401 (the library's own)
            del context
            case.headers["Authorization"] = f"Bearer {data}"


def _has_no_float(context: HookContext, body: object) -> bool:
    """JSON Schema counts 5.0 as an integer; the API refuses a size or a part number in that form on purpose."""
    if isinstance(body, dict):
        return all(_has_no_float(context, each) for each in cast("dict[str, object]", body).values())
    if isinstance(body, list):
        return all(_has_no_float(context, each) for each in cast("list[object]", body))
    return not isinstance(body, float)


def _is_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Whether a failure counts.

    Two kinds do not: an idempotency key that was generated twice refers to the first request, and the framework
    answers OPTIONS with the methods of one route where two routes share a path.
    """
    del context
    is_key_reused = b'"idempotency_key_reused"' in response.content
    return not (is_key_reused or (case.method == "OPTIONS" and "Allow" in type(failure).__name__))
