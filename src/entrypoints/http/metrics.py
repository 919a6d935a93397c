"""What Prometheus may read of this process."""

from enum import StrEnum
from typing import Any, cast

from litestar import Request, Response, get
from prometheus_client import CollectorRegistry, Counter, PlatformCollector, ProcessCollector, generate_latest

from domain.model.errors import NotFound
from entrypoints.http.parameters import UseCases

_TEXT_FORMAT = "text/plain; version=0.0.4"  # The framework adds the charset, which belongs to it.


class ProxiedUploadOutcome(StrEnum):
    """How an upload through the API ended: taken, turned down, or broken off."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    BROKEN = "broken"


class ProxiedUploads:
    """Counts the uploads that still come through the API; once none do, an operator may turn that way off."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ended = Counter(
            "telecine_proxied_uploads",
            "Uploads that came through the API instead of going straight to the bucket, by how they ended.",
            ["outcome"],
            registry=registry,
        )
        self._received = Counter(
            "telecine_proxied_upload_bytes", "Bytes of videos that went through the API.", registry=registry
        )
        # Told as 0 from the start: a rate over a series that begins with 1 misses the first upload.
        for outcome in ProxiedUploadOutcome:
            self._ended.labels(outcome.value)

    def ended(self, outcome: ProxiedUploadOutcome) -> None:
        """One more has ended so."""
        self._ended.labels(outcome.value).inc()

    def received(self, size_bytes: int) -> None:
        """So many more bytes have come, whatever becomes of them."""
        self._received.inc(size_bytes)


class Metrics:
    """The metrics of one application, which shares none with another in the same process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.proxied_uploads = ProxiedUploads(self.registry)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)


def metrics_of(request: Request[Any, Any, Any]) -> Metrics:
    """The metrics of the application that serves this request."""
    return cast("Metrics", request.app.state["metrics"])


# Not in the OpenAPI document: it is for the operator's Prometheus, and no part of what clients are promised.
@get("/metrics", include_in_schema=False, sync_to_thread=False)
def metrics(request: Request[Any, Any, Any], application: UseCases) -> Response[bytes]:
    """Answer in Prometheus' text format."""
    if not application.options.metrics:
        raise NotFound("Metrics are turned off.", code="route_not_found")
    return Response(generate_latest(metrics_of(request).registry), media_type=_TEXT_FORMAT)
