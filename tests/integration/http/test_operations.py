"""The API for operators: health, request ids, log lines and unexpected errors."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from entrypoints.application import Application
from entrypoints.http.app import create_app
from tests.integration.http_fixtures import BOB, CONTENT, PRESIGNED, PROBLEM, URL, WorldApi, embedded_api

pytestmark = pytest.mark.anyio

WITH_CONTEXT = [structlog.contextvars.merge_contextvars]


async def test_live_responds(api: WorldApi) -> None:
    """Even if everything else is broken."""
    api.world.database.is_down = True
    answer = await api.http.get("/health/live")
    assert (answer.status_code, answer.json()) == (httpx.codes.OK, {"status": "ok"})


async def test_ready_names_what_it_has_checked(api: WorldApi) -> None:
    """200 if all dependencies are usable."""
    answer = await api.http.get("/health/ready")
    assert answer.status_code == httpx.codes.OK
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "object_store": "ok"}}


async def test_ready_says_which_dependency_is_unavailable(api: WorldApi) -> None:
    """503 removes the process from a load balancer; the code gives the reason."""
    api.world.database.is_down = True
    down = await api.http.get("/health/ready")
    api.world.database.is_down = False
    api.world.objects.fail_next("check")
    no_bucket = await api.http.get("/health/ready")
    assert (down.status_code, no_bucket.status_code) == (503, 503)
    assert down.json() == {
        "status": "unavailable",
        "checks": {"database": "database_unavailable", "object_store": "ok"},
    }
    assert no_bucket.json()["checks"] == {"database": "ok", "object_store": "unavailable"}
    assert (await api.http.get("/health/ready")).status_code == httpx.codes.OK


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/api/videos", "/schema/openapi.json", "/nowhere"])
async def test_head_answers_as_get_would_without_the_body(api: WorldApi, path: str) -> None:
    """RFC 9110, section 9.3.2; load balancers send HEAD requests."""
    got, head = await api.http.get(path), await api.http.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_head_needs_the_permission_of_get(api: WorldApi) -> None:
    """It discloses as much."""
    assert (await api.http.head("/api/videos", headers={"Authorization": ""})).status_code == 401
    assert (await api.http.head("/api/videos", headers=api.speaking_for(BOB))).status_code == 200


async def test_the_bucket_sees_head_as_it_is(tmp_path: Path) -> None:
    """A signature is valid for one method, except that GET's is valid for HEAD."""
    async with embedded_api(tmp_path) as api:
        grant = await api.grant()
        await api.put(grant)
        key = grant["upload_url"]
        assert (await api.http.head(key)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", PRESIGNED, {"filename": "clip.mp4", "file_size": 5, "content_type": ""}),
        ("GET", "/api/videos", None),
        ("GET", "/api/videos/x", None),
        ("DELETE", "/api/videos/x", None),
        ("POST", "/api/videos/x/upload/complete", {"success": True}),
    ],
)
async def test_a_database_that_is_down_is_a_503(api: WorldApi, method: str, path: str, body: Any) -> None:  # noqa: ANN401 (any JSON)
    """A problem with `Retry-After`, and nothing is written."""
    api.world.database.is_down = True
    answer = await api.http.request(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (503, PROBLEM)
    assert answer.json()["code"] == "database_unavailable"
    assert int(answer.headers["retry-after"]) > 0


async def test_every_response_has_a_unique_id(api: WorldApi) -> None:
    """Error responses and unknown paths too; the log line has the same id."""
    expected = {
        "/api/videos": 200,
        "/api/videos/x": 404,
        "/nowhere": 404,
        "/bucket/x": 403,
        "/health/live": 200,
        "/schema/openapi.json": 200,
    }
    with capture_logs(WITH_CONTEXT) as lines:
        answers = {path: await api.http.get(path) for path in expected}
        wrong_method = await api.http.put("/health/live")
        unauthenticated = await api.http.get("/api/videos", headers={"Authorization": ""})
    assert {path: answer.status_code for path, answer in answers.items()} == expected
    everything = [*answers.values(), wrong_method, unauthenticated]
    ids = [answer.headers["x-request-id"] for answer in everything]
    assert len(set(ids)) == len(ids)
    assert [line["request_id"] for line in lines] == ids
    assert [(line["event"], line["status"]) for line in lines] == [
        ("request", answer.status_code) for answer in everything
    ]
    assert [line["path"] for line in lines[: len(expected)]] == list(expected)
    assert all(line["duration_ms"] >= 0 for line in lines)


async def test_the_log_has_the_reason_of_a_503(api: WorldApi) -> None:
    """The reason of a 503 is in its log line; the code is in both."""
    api.world.database.is_down = True
    with capture_logs(WITH_CONTEXT) as lines:
        refused = await api.http.get("/api/videos")
        unready = await api.http.get("/health/ready")
    assert (refused.status_code, unready.status_code) == (503, 503)
    assert refused.json()["code"] == "database_unavailable"
    assert "The database is down." not in refused.text
    request, ready = lines
    assert (request["log_level"], request["code"], request["detail"]) == (
        "warning",
        "database_unavailable",
        "The database is down.",
    )
    assert (ready["log_level"], ready["database"], ready["object_store"]) == ("warning", "database_unavailable", "ok")


async def test_no_line_contains_a_secret(tmp_path: Path) -> None:
    """Neither tokens nor signatures are passed to the log, even before redaction."""
    async with embedded_api(tmp_path) as api:
        with capture_logs(WITH_CONTEXT) as lines:
            grant = await api.grant()
            await api.put(grant)
            await api.complete(grant["video_id"])
            await api.http.get(grant["upload_url"])
            await api.http.get("/api/videos", headers={"Authorization": "Bearer stolen-token"})
            await api.http.get("/api/videos?cursor=private-cursor")
        token = api.http.headers["Authorization"].removeprefix("Bearer ")
    signature = httpx.URL(grant["upload_url"]).params["signature"]
    assert len(lines) == 6
    text = repr(lines)
    assert [secret for secret in (signature, token, "stolen-token", "private-cursor") if secret in text] == []


async def test_a_path_can_not_forge_a_line(api: WorldApi) -> None:
    """Line breaks and terminal control characters stay encoded."""
    with capture_logs(WITH_CONTEXT) as lines:
        await api.http.get("/api/videos/a%0A%1b[2Jb%E2%80%AE")
    assert lines[0]["path"] == "/api/videos/a%0A%1B%5B2Jb%E2%80%AE"


async def test_the_body_of_an_upload_is_not_logged(api: WorldApi) -> None:
    """A line describes how a request ended, not its content."""
    grant = await api.grant(filename="private.mp4")
    with capture_logs(WITH_CONTEXT) as lines:
        await api.put(grant)
    assert [line.keys() for line in lines] == [
        {"request_id", "method", "path", "status", "duration_ms", "event", "log_level"}
    ]
    assert CONTENT.hex() not in repr(lines)


async def test_an_unexpected_error_is_only_in_the_log() -> None:
    """The client gets a generic error and the request id; the log has the details."""

    async def nothing() -> None:
        """Do nothing."""

    uploads = SimpleNamespace(receive=SimpleNamespace(wait_closed=nothing))
    options = SimpleNamespace(cors_allowed_origins={"https://app.test"})
    events = SimpleNamespace(feed=SimpleNamespace(run=nothing, stop=lambda: None))
    broken = cast("Application", SimpleNamespace(uploads=uploads, options=options, events=events))
    app = create_app(lambda: nullcontext(broken))
    async with (
        app.lifespan(),
        httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url=URL) as http,
    ):
        with capture_logs(WITH_CONTEXT) as lines:
            answer = await http.get("/api/videos", headers={"Authorization": "Bearer x", "Origin": "https://app.test"})
    assert answer.headers["access-control-allow-origin"] == "https://app.test"
    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.json()["code"] == "internal_error"
    assert "tokens" not in answer.text
    failed, request = lines
    assert (failed["event"], failed["log_level"], request["status"]) == ("request_failed", "error", 500)
    assert isinstance(failed["exc_info"], AttributeError)
    assert failed["request_id"] == request["request_id"] == answer.headers["x-request-id"]
