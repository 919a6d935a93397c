"""The API reference at `/schema`: Swagger UI over the OpenAPI document, served from this process alone."""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from litestar import Request, Response, Router, get
from litestar.datastructures import CacheControlHeader, ResponseHeader
from litestar.exceptions import NotFoundException
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.params import FromPath

_BUNDLE = files("entrypoints.http") / "swagger_ui"
VERSION = (_BUNDLE / "VERSION").read_text(encoding="utf-8").strip()
BUNDLE_PATH = f"/swagger-ui/{VERSION}"

_MEDIA_TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
# The path names the release, so a browser never has to ask whether a file has changed.
_FOR_A_YEAR = CacheControlHeader(public=True, max_age=365 * 86_400, immutable=True)

_STYLES = (files("entrypoints.http.openapi") / "reference.css").read_bytes()
STYLES_PATH = f"/reference/{hashlib.sha256(_STYLES).hexdigest()[:16]}.css"

# Swagger UI's own filter finds only the names of groups.
_START = """
const says = (operation, phrase) => [
  operation.get("path"),
  operation.get("method"),
  operation.getIn(["operation", "summary"]),
  operation.getIn(["operation", "operationId"]),
].join(" ").toLowerCase().includes(phrase);

const found = (groups, text) => {
  const phrase = text.trim().toLowerCase();
  return groups
    .map((group, name) => name.includes(phrase)
      ? group
      : group.update("operations", (operations) => operations.filter((each) => says(each, phrase))))
    .filter((group) => group.get("operations").size > 0);
};

SwaggerUIBundle({
  url: "/schema/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  filter: true,
  tryItOutEnabled: true,
  plugins: [() => ({fn: {opsFilter: found}})],
  validatorUrl: null,
});
"""
_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Telecine API</title>
<link rel="icon" type="image/png" href="/schema{BUNDLE_PATH}/favicon-32x32.png">
<link rel="stylesheet" href="/schema{BUNDLE_PATH}/swagger-ui.css">
<link rel="stylesheet" href="/schema{STYLES_PATH}">
</head>
<body>
<noscript>This page needs JavaScript. The same document: <a href="/schema/openapi.json">openapi.json</a>,
<a href="/schema/openapi.yaml">openapi.yaml</a>.</noscript>
<div id="reference"></div>
<script src="/schema{BUNDLE_PATH}/swagger-ui-bundle.js"></script>
<script>{_START}</script>
</body>
</html>
"""

# Scripts: the bundle, and the one inline script above, which the browser checks against this digest. Swagger UI needs
# `data:` for the icons in its stylesheet. A call from the page can reach this origin only: the poster's redirect to a
# bucket of another origin is blocked.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src 'self' 'sha256-{base64.b64encode(hashlib.sha256(_START.encode()).digest()).decode()}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

_HEADERS = (
    ResponseHeader(name="Content-Security-Policy", value=_POLICY),
    ResponseHeader(name="X-Content-Type-Options", value="nosniff"),
    ResponseHeader(name="Referrer-Policy", value="no-referrer"),
)


class ReferencePage(OpenAPIRenderPlugin):
    """Serves the page and the files of Swagger UI.

    Litestar's own `SwaggerRenderPlugin` writes the whole document into an inline script and adds an inline style, which
    this page's Content-Security-Policy forbids.
    """

    def __init__(self) -> None:
        super().__init__(path="/")
        self._contents = {name: (_BUNDLE / name).read_bytes() for name in _MEDIA_TYPES}

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page, the same for every request: the browser fetches the document itself."""
        del request, openapi_schema
        return _PAGE.encode()

    def receive_router(self, router: Router) -> None:
        """Add the files of Swagger UI, and the headers of every response below `/schema`."""

        @get(f"{BUNDLE_PATH}/{{name:str}}", cache_control=_FOR_A_YEAR, sync_to_thread=False)
        def bundled_file(name: FromPath[str]) -> Response[bytes]:
            if name not in self._contents:
                raise NotFoundException
            return Response(self._contents[name], media_type=_MEDIA_TYPES[name])

        @get(STYLES_PATH, cache_control=_FOR_A_YEAR, sync_to_thread=False)
        def own_styles() -> Response[bytes]:
            return Response(_STYLES, media_type="text/css")

        router.register(bundled_file)
        router.register(own_styles)
        router.response_headers = _HEADERS
