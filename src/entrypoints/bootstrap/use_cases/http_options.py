"""Wires the options and the rate limits of the HTTP API."""

from domain.model.access.rate_limit import rate_limit
from domain.ports.rate_limiter import RateLimiter
from entrypoints.application import ClientOptions, Options, RateLimitPolicy
from entrypoints.config.limits import LimitSettings
from entrypoints.config.networks import networks
from entrypoints.config.settings import Settings


def http_options(settings: Settings) -> Options:
    """Return which optional features the API offers, and its limits."""
    server, uploads = settings.server, settings.uploads
    return Options(
        proxied_upload=uploads.proxied_upload,
        proxied_upload_sunset=uploads.proxied_upload_sunset,
        youtube_import=settings.imports.youtube_import,
        metrics=server.metrics,
        cors_allowed_origins=server.allowed_origins,
        stream_stall_s=settings.streams.stream_stall_seconds,
        public_url=server.public_url,
    )


def client_options(settings: Settings, *, has_transcriber: bool) -> ClientOptions:
    """Return what a client may have to know before it sends a file."""
    uploads = settings.uploads
    return ClientOptions(
        imports=settings.imports.youtube_import,
        transcription=has_transcriber,
        max_file_size_bytes=uploads.max_upload_bytes,
        max_duration_s=settings.limits.max_video_seconds,
        part_size_bytes=uploads.multipart_part_bytes,
        proxied_upload=uploads.proxied_upload,
        direct_share=uploads.direct_upload_share,
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
