"""Cross-origin requests to the API: what a browser sends, and what it checks in the responses."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from entrypoints.config.limits import LimitSettings
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from tests.integration.http_fixtures import CONTENT, PRESIGNED, WorldApi, embedded_api, world_api

pytestmark = pytest.mark.anyio

PAGE = "https://app.example.org"
OTHER = "http://localhost:5173"
STRANGER = "https://evil.example"
ALLOWED = Settings(
    server=ServerSettings(cors_allowed_origins=f"{PAGE}, {OTHER}"), limits=LimitSettings(rate_limit_per_address="3/day")
)
VIDEOS = "/api/videos"
ORIGIN = "access-control-allow-origin"


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """An API with two allowed origins."""
    async with world_api(tmp_path, settings=ALLOWED) as opened:
        yield opened


async def preflight(http: httpx.AsyncClient, path: str, origin: str, method: str = "POST") -> httpx.Response:
    """The response to the request that a browser sends before the page's own one, without the page's token."""
    requested = "authorization,content-type,idempotency-key,if-none-match,last-event-id"
    headers = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": requested}
    return await http.request("OPTIONS", path, headers={"Origin": origin, "Authorization": "", **headers})


def words(answer: httpx.Response, header: str) -> set[str]:
    """The values that a header lists, in lower case."""
    return {word.strip().lower() for word in answer.headers.get(header, "").split(",")}


@pytest.mark.parametrize("origin", [PAGE, OTHER])
@pytest.mark.parametrize("path", [PRESIGNED, VIDEOS, "/api/nowhere"])
async def test_a_preflight_of_an_allowed_origin_succeeds(pages: WorldApi, origin: str, path: str) -> None:
    """It needs no token, and the browser may cache the response."""
    answer = await preflight(pages.http, path, origin)
    assert (answer.status_code, answer.content) == (httpx.codes.NO_CONTENT, b"")
    assert (answer.headers[ORIGIN], answer.headers["vary"]) == (origin, "Origin")
    assert {"get", "post", "put", "patch", "delete"} <= words(answer, "access-control-allow-methods")
    assert {"authorization", "content-type", "idempotency-key", "if-none-match", "last-event-id"} <= words(
        answer, "access-control-allow-headers"
    )
    assert int(answer.headers["access-control-max-age"]) > 0


async def test_every_method_of_the_api_is_allowed(pages: WorldApi) -> None:
    """Otherwise pages could not call the routes that have it."""
    paths = (await pages.http.get("/schema/openapi.json")).json()["paths"]
    methods = {method for path, item in paths.items() if path.startswith("/api/") for method in item}
    assert "patch" in methods
    assert methods <= words(await preflight(pages.http, VIDEOS, PAGE), "access-control-allow-methods")


@pytest.mark.parametrize("origin", [STRANGER, "null", "", "*", f"{PAGE}/", f"{PAGE}.evil.example", PAGE.upper()])
async def test_other_origins_get_no_permission(pages: WorldApi, origin: str) -> None:
    """Neither in a preflight nor in the response; `Vary` still says that the response depends on the origin."""
    for answer in (
        await preflight(pages.http, VIDEOS, origin),
        await pages.http.get(VIDEOS, headers={"Origin": origin}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["vary"] == "Origin"


async def test_responses_vary_also_without_an_origin(pages: WorldApi) -> None:
    """A cache must not serve a page a response that was made for a client that is not a browser."""
    assert (await pages.http.get(VIDEOS)).headers["vary"] == "Origin"


async def test_a_page_may_read_the_headers(pages: WorldApi) -> None:
    """Credentials are never allowed, with cookies or without: the API does not use them."""
    answer = await pages.http.get(VIDEOS, headers={"Origin": PAGE, "Cookie": "a=b"})
    assert (answer.status_code, answer.headers[ORIGIN], answer.headers["vary"]) == (httpx.codes.OK, PAGE, "Origin")
    assert "access-control-allow-credentials" not in answer.headers
    assert {
        *("deprecation", "etag", "idempotency-replayed", "link", "location", "retry-after", "sunset"),
        *("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-request-id"),
    } == words(answer, "access-control-expose-headers")


async def test_a_page_may_read_errors(pages: WorldApi) -> None:
    """Otherwise it could not distinguish an expired token from a network failure."""
    page = {"Origin": PAGE}
    answers = [
        await pages.http.get(f"{VIDEOS}/nothing", headers=page),
        await pages.http.get("/api/nowhere", headers=page),
        await pages.http.post(PRESIGNED, content=b" " * 100_000, headers={**page, "Content-Type": "application/json"}),
        *[await pages.http.get(VIDEOS, headers={**page, "Authorization": ""}) for _ in range(4)],
    ]
    pages.world.database.is_down = True
    answers.append(await pages.http.get(VIDEOS, headers=page))
    pages.world.database.is_down = False
    assert [answer.status_code for answer in answers] == [404, 404, 413, 401, 401, 401, 429, 503]
    assert {answer.headers[ORIGIN] for answer in answers} == {PAGE}


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/schema/openapi.json"])
async def test_paths_outside_the_api_stay_closed(pages: WorldApi, path: str) -> None:
    """Pages have no use for the operators' paths."""
    answer = await pages.http.get(path, headers={"Origin": PAGE})
    assert (answer.status_code, ORIGIN in answer.headers) == (httpx.codes.OK, False)


async def test_without_the_setting_no_origin_is_allowed(tmp_path: Path) -> None:
    """And no response has `Vary`."""
    async with world_api(tmp_path) as api:
        for answer in (await preflight(api.http, VIDEOS, PAGE), await api.http.get(VIDEOS, headers={"Origin": PAGE})):
            assert not {name for name in answer.headers if name.startswith("access-control-") or name == "vary"}


async def test_a_page_of_another_origin_uploads_a_video(tmp_path: Path) -> None:
    """Through the API, and through the signed URLs of the local bucket, which a page of any origin may use."""
    page = {"Origin": PAGE}
    async with embedded_api(tmp_path, settings=ALLOWED) as api:
        grant = await api.grant(headers=page)
        put = grant["upload_url"]
        requested = {**page, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
        allowed = await api.http.request("OPTIONS", put, headers={**requested, "Authorization": ""})
        assert allowed.is_success
        assert (allowed.headers[ORIGIN], "content-type" in words(allowed, "access-control-allow-headers")) == (
            "*",
            True,
        )
        sent = await api.sent(put, CONTENT, {**grant["headers"], **page})
        refused = await api.sent(put + "0", CONTENT, {**grant["headers"], **page})
        assert (sent.status_code, refused.status_code) == (httpx.codes.OK, httpx.codes.FORBIDDEN)
        assert (sent.headers[ORIGIN], refused.headers[ORIGIN]) == ("*", "*")
        completed = await api.http.post(
            f"{VIDEOS}/{grant['video_id']}/upload/complete", json={"success": True}, headers=page
        )
        assert (completed.status_code, completed.headers[ORIGIN]) == (httpx.codes.OK, PAGE)
