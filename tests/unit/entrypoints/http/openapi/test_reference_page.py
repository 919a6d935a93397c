"""The API reference: what the page loads, what the browser lets it do, and how its files are served."""

import base64
import hashlib
from collections.abc import AsyncGenerator
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar

from entrypoints.http.openapi.document import openapi_config
from entrypoints.http.openapi.reference_page import BUNDLE_PATH, STYLES_PATH, VERSION

pytestmark = pytest.mark.anyio

VENDORED = files("entrypoints.http") / "swagger_ui"
FILES = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "favicon-32x32.png": "image/png",
}


class Page(HTMLParser):
    """The parts of the page that a browser loads or runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: dict[str, str] = {}
        self.inline_scripts: list[str] = []
        self._is_inline_script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the tag and its attributes."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "": tag for name, value in attrs if name in {"href", "src"}}
        self._is_inline_script = tag == "script" and "src" not in dict(attrs)

    def handle_endtag(self, tag: str) -> None:
        """End an inline script."""
        self._is_inline_script &= tag != "script"

    def handle_data(self, data: str) -> None:
        """Collect the text of inline scripts."""
        if self._is_inline_script:
            self.inline_scripts.append(data)


@pytest.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an application that serves the OpenAPI document alone."""
    app = Litestar(openapi_config=openapi_config(dict), logging_config=None)
    # Litestar and httpx describe the same ASGI messages by different types.
    transport = httpx.ASGITransport(cast("Any", app))
    async with httpx.AsyncClient(transport=transport, base_url="http://telecine.test") as http:
        yield http


async def test_the_page_loads_files_of_this_server_only(http: httpx.AsyncClient) -> None:
    """It works without the internet, and no other origin can change what it runs."""
    page = Page((await http.get("/schema")).text)

    assert page.links == {
        f"/schema{BUNDLE_PATH}/favicon-32x32.png": "link",
        f"/schema{BUNDLE_PATH}/swagger-ui.css": "link",
        f"/schema{STYLES_PATH}": "link",
        f"/schema{BUNDLE_PATH}/swagger-ui-bundle.js": "script",
        "/schema/openapi.json": "a",
        "/schema/openapi.yaml": "a",
    }
    assert "://" not in (await http.get("/schema")).text
    assert not page.tags & {"style", "img", "iframe", "object", "embed", "form", "base"}
    assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
    for link in page.links:
        assert (await http.get(link)).status_code == httpx.codes.OK, link


async def test_the_policy_names_every_source(http: httpx.AsyncClient) -> None:
    """The only inline script is allowed by its digest; neither 'unsafe-inline' nor 'unsafe-eval' is needed."""
    answer = await http.get("/schema")
    (script,) = Page(answer.text).inline_scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_the_inline_script_shows_our_document(http: httpx.AsyncClient) -> None:
    """The document comes from this server, and is sent to no validator."""
    (script,) = Page((await http.get("/schema")).text).inline_scripts

    assert 'url: "/schema/openapi.json"' in script
    assert "validatorUrl: null" in script


async def test_our_styles_are_cached_by_their_content(http: httpx.AsyncClient) -> None:
    """They make the page readable on a phone."""
    answer = await http.get(f"/schema{STYLES_PATH}")

    assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.OK, "text/css; charset=utf-8")
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"
    assert "max-width: 640px" in answer.text


@pytest.mark.parametrize(("name", "content_type"), FILES.items())
async def test_a_file_is_cached_by_its_release(http: httpx.AsyncClient, name: str, content_type: str) -> None:
    """Its path names the release, so a browser fetches it once; the policy of the page holds for it too."""
    answer = await http.get(f"/schema/swagger-ui/{VERSION}/{name}")

    assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.OK, content_type)
    assert answer.content == (VENDORED / name).read_bytes()
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [f"{VERSION}/README.md", f"{VERSION}/..%2fapp.py", "5.0.0/swagger-ui.css", VERSION])
async def test_nothing_else_is_served(http: httpx.AsyncClient, path: str) -> None:
    """Only the files that the page loads, under their own release."""
    assert (await http.get(f"/schema/swagger-ui/{path}")).status_code == httpx.codes.NOT_FOUND


def test_the_vendored_files_are_unchanged() -> None:
    """They are those of the npm package, with its licences."""
    lines = (VENDORED / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}

    assert listed.keys() == {*FILES, "LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"}
    for name, digest in listed.items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == digest, name
