"""The metrics of this process, for Prometheus."""

from enum import StrEnum
from typing import Any, cast

from litestar import Request, Response, get
from prometheus_client import CollectorRegistry, Counter, PlatformCollector, ProcessCollector, generate_latest

from domain.model.errors import NotFound
from entrypoints.http.dependencies import UseCases

_TEXT_FORMAT = "text/plain; version=0.0.4"  # Litestar appends the charset, which the format requires.


class ProxiedUploadOutcome(StrEnum):
    """How an upload through the API ended: accepted, rejected, or interrupted."""

    ACCEPTED = "accepted"
    REJECTED = "refused"
    BROKEN = "broken"


class ProxiedUploads:
    """Counts the uploads through the API; when there are no more, the operator can disable the route."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._outcomes = Counter(
            "telecine_proxied_uploads",
            "Uploads sent through the API instead of directly to the bucket, by outcome.",
            ["outcome"],
            registry=registry,
        )
        self._bytes = Counter(
            "telecine_proxied_upload_bytes", "Bytes received by uploads through the API.", registry=registry
        )
        # Each series starts at 0, because a rate over a series that starts at 1 misses the first upload.
        for outcome in ProxiedUploadOutcome:
            self._outcomes.labels(outcome.value)

    def count_outcome(self, outcome: ProxiedUploadOutcome) -> None:
        """Count an upload that ended with this outcome."""
        self._outcomes.labels(outcome.value).inc()

    def count_bytes(self, size_bytes: int) -> None:
        """Count received bytes, whatever the outcome of the upload."""
        self._bytes.inc(size_bytes)


class Metrics:
    """The metrics of one application, kept apart from those of other applications in the same process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.proxied_uploads = ProxiedUploads(self.registry)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)


def metrics_of(request: Request[Any, Any, Any]) -> Metrics:
    """The metrics of the application that serves this request."""
    return cast("Metrics", request.app.state["metrics"])


# Not in the OpenAPI document, because it is for the operator's Prometheus and not part of the API's contract.
@get("/metrics", include_in_schema=False, sync_to_thread=False)
def metrics(request: Request[Any, Any, Any], application: UseCases) -> Response[bytes]:
    """Return the metrics in the text format of Prometheus."""
    if not application.options.metrics:
        raise NotFound("Metrics are disabled.", code="route_not_found")
    return Response(generate_latest(metrics_of(request).registry), media_type=_TEXT_FORMAT)
