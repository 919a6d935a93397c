"""The web page over HTTP: its headers, its files, and its sign-in on the machine of the server."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import pytest

from domain.model.access.principal import Scope
from domain.model.ids import UserId
from entrypoints.config.settings import Settings
from entrypoints.config.uploads import UploadSettings
from entrypoints.config.web import WebSettings
from entrypoints.http.web.routes import SCREENS, accepts_gzip
from entrypoints.http.web.static_files import static_files
from tests.integration.http_fixtures import PROBLEM, URL, WorldApi, world_api
from tests.support.world import ADA

pytestmark = pytest.mark.anyio

LOCAL = "http://127.0.0.1:8000"
SIGN_IN = "/session/local"
POLICY = "content-security-policy"


@pytest.fixture
async def local(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """A server that signs the page in."""
    async with world_api(tmp_path, settings=Settings(web=WebSettings(page_local_sign_in=True))) as opened:
        yield opened


def browser(api: WorldApi, *, url: str = LOCAL, peer: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
    """A client at this address whose page has the origin of the URL."""
    transport = httpx.ASGITransport(cast("Any", api.app), client=(peer, 50_000))
    sent = {"Origin": url, "Sec-Fetch-Site": "same-origin", **headers}
    return httpx.AsyncClient(transport=transport, base_url=url, headers=sent, trust_env=False)


def directives(answer: httpx.Response) -> dict[str, set[str]]:
    """The sources of each directive of the Content-Security-Policy."""
    parts = [part.split() for part in answer.headers[POLICY].split(";")]
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize("path", [path.replace("{video_id:str}", "abc") for path in SCREENS])
async def test_every_screen_has_the_same_document(api: WorldApi, path: str) -> None:
    """Without a token; a browser asks each time whether it has changed."""
    api.http.headers.pop("Authorization")
    answer = await api.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["permissions-policy"] == "camera=(self), microphone=(self), display-capture=(self)"
    again = await api.http.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    head = await api.http.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


async def test_the_policy_allows_the_origins_of_signed_urls(api: WorldApi) -> None:
    """Nothing inline, no other script, and the bucket only for media and requests."""
    grant = await api.grant()
    parts = urlsplit(str(grant["upload_url"]))
    bucket = f"{parts.scheme}://{parts.netloc}"
    sources = directives(await api.http.get("/"))
    assert sources["default-src"] == sources["base-uri"] == sources["form-action"] == {"'none'"}
    assert sources["frame-ancestors"] == {"'none'"}
    for name in ("script-src", "style-src", "font-src", "manifest-src"):
        assert sources[name] == {"'self'"}
    assert sources["connect-src"] == {"'self'", URL, bucket}
    assert sources["img-src"] == {"'self'", "blob:", "data:", URL, bucket}
    assert sources["media-src"] == {"'self'", "blob:", URL, bucket}
    assert "unsafe" not in str(sources)


async def test_the_index_has_only_links_that_are_served(api: WorldApi) -> None:
    """Their files never change, so browsers keep them."""
    linked = re.findall(r'"(/static/[^"]+)"', (await api.http.get("/")).text)
    assert linked
    for path in linked:
        answer = await api.http.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        plain = await api.http.get(path.replace(f"/{static_files().version}", ""))
        assert (plain.content, plain.headers["cache-control"]) == (answer.content, "no-cache")


async def test_the_index_runs_nothing_inline(api: WorldApi) -> None:
    """The policy would block it."""
    index = (await api.http.get("/")).text
    assert all('src="' in tag for tag in re.findall(r"<script[^>]*>", index))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", index)


async def test_files_are_compressed_for_clients_that_accept_it(api: WorldApi) -> None:
    """An entity tag belongs to one variant only."""
    plain = await api.http.get("/", headers={"Accept-Encoding": "identity"})
    packed = await api.http.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [("gzip", True), ("br;q=1, GZIP;q=0.5", True), ("gzip;q=0", False), ("gzip; q=0.00", False), ("br", False)],
)
def test_the_accepted_encodings_are_read(header: str, is_accepted: bool) -> None:  # noqa: FBT001 (a case)
    """A quality of zero refuses a coding."""
    assert accepts_gzip(header) is is_accepted


@pytest.mark.parametrize(
    "path", ["/static/index.html", "/static/", "/static/none.js", "/static/../app.js", "/static/%2e%2e/routes.py"]
)
async def test_other_files_are_not_found(api: WorldApi, path: str) -> None:
    """Only the files of the folder are served, and the page's document only with its policy."""
    answer = await api.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


async def test_the_page_can_be_disabled(tmp_path: Path) -> None:
    """The API and the other pages stay."""
    async with world_api(tmp_path, settings=Settings(web=WebSettings(page=False))) as api:
        for path in SCREENS:
            assert (await api.http.get(path)).json()["code"] == "route_not_found"
        assert (await api.http.get("/schema")).status_code == 200
        assert (await api.http.get("/api/me")).status_code == 200


async def test_the_page_signs_in_on_this_machine(local: WorldApi) -> None:
    """The token is that of the user `local`, with every scope, and no cache keeps it."""
    async with browser(local) as page:
        answer = await page.post(SIGN_IN)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        session = answer.json()
        me = (await page.get("/api/me", headers={"Authorization": f"Bearer {session['token']}"})).json()
    assert me == {"user_id": "local", "scopes": sorted(Scope), "expires_at": session["expires_at"]}


@pytest.mark.parametrize(
    ("url", "peer", "headers"),
    [
        ("http://evil.example:8000", "127.0.0.1", {}),
        (LOCAL, "127.0.0.1", {"Host": "evil.example"}),
        (LOCAL, "127.0.0.1", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}),
        (LOCAL, "127.0.0.1", {"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}),
        (LOCAL, "192.0.2.7", {}),
        (LOCAL, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        (LOCAL, "127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
        (LOCAL, "127.0.0.1", {"Via": "1.1 proxy"}),
    ],
)
async def test_the_page_does_not_sign_in_elsewhere(
    local: WorldApi, url: str, peer: str, headers: dict[str, str]
) -> None:
    """The response says what to do instead, has no token, and no other page may read it."""
    async with browser(local, url=url, peer=peer, **headers) as page:
        answer = await page.post(SIGN_IN)
    assert (answer.status_code, answer.json()["code"]) == (403, "local_sign_in_refused")
    assert "telecine token" in answer.json()["detail"]
    assert "token" not in answer.json()
    assert "access-control-allow-origin" not in answer.headers


async def test_without_the_setting_the_page_does_not_sign_in(api: WorldApi) -> None:
    """Also on this machine."""
    async with browser(api) as page:
        answer = await page.post(SIGN_IN)
        assert (answer.status_code, answer.json()["code"]) == (403, "local_sign_in_refused")


async def test_a_caller_learns_who_it_is(api: WorldApi) -> None:
    """With any scope; a token without a scope is refused."""
    answer = await api.http.get("/api/me")
    assert answer.json()["user_id"] == ADA
    assert Scope.ADMIN not in answer.json()["scopes"]
    for scope in Scope:
        token = api.tokens.issue(UserId("bob"), lifetime_s=600, scopes=frozenset({scope}))
        me = await api.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert (me.json()["user_id"], me.json()["scopes"]) == ("bob", [scope])
    nothing = api.tokens.issue(UserId("bob"), lifetime_s=600, scopes=frozenset())
    for path in ("/api/me", "/api/options"):
        refused = await api.http.get(path, headers={"Authorization": f"Bearer {nothing}"})
        assert refused.status_code == 403
        assert (await api.http.get(path, headers={"Authorization": ""})).status_code == 401


async def test_a_client_learns_the_options(tmp_path: Path) -> None:
    """They are those of the settings."""
    settings = Settings(uploads=UploadSettings(max_upload_bytes=12_345, direct_upload_share=0.25))
    async with world_api(tmp_path, settings=settings) as api:
        options = (await api.http.get("/api/options")).json()
    assert options["max_file_size_bytes"] == 12_345
    assert options["direct_share"] == 0.25
    assert (options["imports"], options["transcription"], options["proxied_upload"]) == (False, True, True)
    assert {".mp4", ".mov"} <= set(options["extensions"])
    assert "video/mp4" in options["content_types"]
    assert options["multipart_from_bytes"] == 100 * 1024**2
    assert options["page_user"] is None
