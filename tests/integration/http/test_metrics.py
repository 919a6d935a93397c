"""The API's metrics for Prometheus."""

from pathlib import Path
from typing import cast

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.http.operations.metrics import Metrics, ProxiedUploadOutcome
from tests.integration.http_fixtures import WorldApi, world_api

pytestmark = pytest.mark.anyio

Samples = dict[str, float]


def metrics_in(api: WorldApi) -> Metrics:
    """The metrics of this application's routes."""
    return cast("Metrics", api.app.state["metrics"])


async def scraped(http: httpx.AsyncClient) -> Samples:
    """Every sample by its name and labels."""
    answer = await http.get("/metrics")
    assert answer.status_code == httpx.codes.OK
    return {
        ",".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_metrics_are_served_to_prometheus(api: WorldApi) -> None:
    """In its text format, without a token."""
    api.http.headers.pop("Authorization")
    answer = await api.http.get("/metrics")
    head = await api.http.head("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE telecine_proxied_uploads_total counter\n" in answer.text
    assert (head.status_code, head.content) == (httpx.codes.OK, b"")


async def test_metrics_may_be_turned_off(tmp_path: Path) -> None:
    """Then the path does not exist."""
    async with world_api(tmp_path, settings=Settings(server=ServerSettings(metrics=False))) as api:
        answer = await api.http.get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.NOT_FOUND, "route_not_found")


async def test_uploads_through_the_api_are_counted_by_outcome(api: WorldApi) -> None:
    """Each outcome starts at 0, so that the first upload is a change."""
    before = await scraped(api.http)
    uploads = metrics_in(api).proxied_uploads
    for outcome, count in zip(ProxiedUploadOutcome, (3, 2, 1), strict=True):
        for _ in range(count):
            uploads.count_outcome(outcome)
    uploads.count_bytes(1000)
    uploads.count_bytes(234)
    after = await scraped(api.http)
    names = [f"telecine_proxied_uploads_total,{outcome}" for outcome in ("accepted", "refused", "broken")]
    names.append("telecine_proxied_upload_bytes_total")
    assert [before[name] for name in names] == [0, 0, 0, 0]
    assert [after[name] for name in names] == [3, 2, 1, 1234]


async def test_process_metrics_are_included(api: WorldApi) -> None:
    """Memory, CPU time, open files and the Python version."""
    samples = await scraped(api.http)
    assert samples["process_resident_memory_bytes"] > 10_000_000
    assert samples["process_cpu_seconds_total"] > 0
    assert samples["process_open_fds"] > 0
    assert [value for name, value in samples.items() if name.startswith("python_info")] == [1]


async def test_two_applications_share_no_metrics(api: WorldApi, tmp_path: Path) -> None:
    """No counter is global to the process."""
    (tmp_path / "other").mkdir()
    async with world_api(tmp_path / "other") as other:
        metrics_in(api).proxied_uploads.count_outcome(ProxiedUploadOutcome.ACCEPTED)
        assert (await scraped(other.http))["telecine_proxied_uploads_total,accepted"] == 0


async def test_clients_are_promised_no_metrics(api: WorldApi) -> None:
    """Metrics are for the operator, and not in the OpenAPI document."""
    assert "/metrics" in {route.path for route in api.app.routes}
    assert "/metrics" not in api.document()["paths"]
