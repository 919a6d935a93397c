"""The API for pages of other origins, as a browser asks and as it looks at the answers."""

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
    """An API that two origins may call."""
    async with world_api(tmp_path, settings=ALLOWED) as opened:
        yield opened


async def asked(http: httpx.AsyncClient, path: str, origin: str, method: str = "POST") -> httpx.Response:
    """What a browser hears before it sends a request of the page's; it sends no token with its question."""
    wanted = "authorization,content-type,idempotency-key,if-none-match,last-event-id"
    headers = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": wanted}
    return await http.request("OPTIONS", path, headers={"Origin": origin, "Authorization": "", **headers})


def words(answer: httpx.Response, header: str) -> set[str]:
    """What a header lists, in small letters."""
    return {word.strip().lower() for word in answer.headers.get(header, "").split(",")}


@pytest.mark.parametrize("origin", [PAGE, OTHER])
@pytest.mark.parametrize("path", [PRESIGNED, VIDEOS, "/api/nowhere"])
async def test_an_allowed_page_may_ask_anything(pages: WorldApi, origin: str, path: str) -> None:
    """Its question needs no token, and the answer is good for a while."""
    answer = await asked(pages.http, path, origin)
    assert (answer.status_code, answer.content) == (httpx.codes.NO_CONTENT, b"")
    assert (answer.headers[ORIGIN], answer.headers["vary"]) == (origin, "Origin")
    assert {"get", "post", "put", "delete"} <= words(answer, "access-control-allow-methods")
    assert {"authorization", "content-type", "idempotency-key", "if-none-match", "last-event-id"} <= words(
        answer, "access-control-allow-headers"
    )
    assert int(answer.headers["access-control-max-age"]) > 0


@pytest.mark.parametrize("origin", [STRANGER, "null", "", "*", f"{PAGE}/", f"{PAGE}.evil.example", PAGE.upper()])
async def test_no_other_page_hears_that_it_may(pages: WorldApi, origin: str) -> None:
    """Neither before its request nor after it; caches are told that others get another answer."""
    for answer in (await asked(pages.http, VIDEOS, origin), await pages.http.get(VIDEOS, headers={"Origin": origin})):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["vary"] == "Origin"


async def test_a_page_may_read_what_headers_tell(pages: WorldApi) -> None:
    """With cookies or without: credentials are never allowed, for they mean nothing here."""
    answer = await pages.http.get(VIDEOS, headers={"Origin": PAGE, "Cookie": "a=b"})
    assert (answer.status_code, answer.headers[ORIGIN], answer.headers["vary"]) == (httpx.codes.OK, PAGE, "Origin")
    assert "access-control-allow-credentials" not in answer.headers
    assert {
        *("deprecation", "etag", "idempotency-replayed", "link", "location", "retry-after", "sunset"),
        *("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-request-id"),
    } == words(answer, "access-control-expose-headers")


async def test_a_page_may_read_refusals(pages: WorldApi) -> None:
    """Without that it could not tell an expired token from a network that is gone."""
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
async def test_only_the_api_is_opened(pages: WorldApi, path: str) -> None:
    """What is for operators is none of a page's."""
    answer = await pages.http.get(path, headers={"Origin": PAGE})
    assert (answer.status_code, ORIGIN in answer.headers) == (httpx.codes.OK, False)


async def test_unless_it_is_set_no_page_elsewhere_may_call(tmp_path: Path) -> None:
    """And nothing varies."""
    async with world_api(tmp_path) as api:
        for answer in (await asked(api.http, VIDEOS, PAGE), await api.http.get(VIDEOS, headers={"Origin": PAGE})):
            assert not {name for name in answer.headers if name.startswith("access-control-") or name == "vary"}


async def test_a_page_elsewhere_uploads_and_reads_back(tmp_path: Path) -> None:
    """Through the API and the folder's own URLs, which any page may use: each step as a browser takes it."""
    page = {"Origin": PAGE}
    async with embedded_api(tmp_path, settings=ALLOWED) as api:
        grant = await api.grant(headers=page)
        put = grant["upload_url"]
        question = {**page, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
        preflight = await api.http.request("OPTIONS", put, headers={**question, "Authorization": ""})
        assert preflight.is_success
        assert (preflight.headers[ORIGIN], "content-type" in words(preflight, "access-control-allow-headers")) == (
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
