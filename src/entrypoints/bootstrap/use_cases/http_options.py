"""Wires the options and the rate limits of the HTTP API."""

from domain.model.access.rate_limit import rate_limit
from domain.ports.rate_limiter import RateLimiter
from entrypoints.application import Options, RateLimitPolicy
from entrypoints.config.imports import ImportSettings
from entrypoints.config.limits import LimitSettings
from entrypoints.config.networks import networks
from entrypoints.config.server import ServerSettings
from entrypoints.config.uploads import UploadSettings


def http_options(server: ServerSettings, *, uploads: UploadSettings, imports: ImportSettings) -> Options:
    """Return which optional features the API offers."""
    return Options(
        proxied_upload=uploads.proxied_upload,
        proxied_upload_sunset=uploads.proxied_upload_sunset,
        youtube_import=imports.youtube_import,
        metrics=server.metrics,
        cors_allowed_origins=server.allowed_origins,
        public_url=server.public_url,
    )


def rate_limit_policy(limits: LimitSettings, *, limiter: RateLimiter) -> RateLimitPolicy:
    """Return the rate limits of users and addresses."""
    per_user, per_address = limits.rate_limit_per_user, limits.rate_limit_per_address
    return RateLimitPolicy(
        limiter=limiter,
        per_user=rate_limit(per_user) if per_user is not None else None,
        per_address=rate_limit(per_address) if per_address is not None else None,
        trusted_proxies=networks(limits.trusted_proxies) if limits.trusted_proxies is not None else (),
    )
