"""Settings of the HTTP API."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.addresses import is_web_address
from entrypoints.config.origins import origins
from entrypoints.config.values import ConcernSettings, variable


class ServerSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """The public URL of the HTTP API, cross-origin calls and metrics."""

    public_url: Annotated[
        str,
        Meta(
            description="URL at which clients reach this server, without a trailing slash. "
            "Unset: the address that `dev` or `serve` listens on."
        ),
    ] = "http://127.0.0.1:8000"
    cors_allowed_origins: Annotated[
        str | None,
        Meta(
            description="Comma-separated origins whose pages may call the API, such as `https://app.example.org`. "
            "Unset: no cross-origin calls."
        ),
    ] = None
    metrics: Annotated[bool, Meta(description="Serve Prometheus metrics at `/metrics`.")] = True

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The origins whose pages may call the API."""
        return frozenset() if self.cors_allowed_origins is None else origins(self.cors_allowed_origins)

    def problems(self) -> list[str]:
        problems: list[str] = []
        if self.public_url.endswith("/") or not is_web_address(self.public_url):
            problems.append("TELECINE_PUBLIC_URL: an http(s) URL with a host and no trailing slash is required")
        try:
            _ = self.allowed_origins
        except ValueError as error:
            problems.append(f"TELECINE_CORS_ALLOWED_ORIGINS: {error}")
        return problems
