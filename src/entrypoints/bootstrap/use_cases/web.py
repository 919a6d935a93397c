"""Wires the web page."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from domain.model.media.content_types import IMAGE_CONTENT_TYPE
from domain.model.object_key import ObjectKey
from entrypoints.application import WebPage
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.settings import Settings

_ANY_KEY = ObjectKey("videos/page")
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def web_page(adapters: Adapters, settings: Settings) -> WebPage:
    """Return what the page may load, and how it signs in.

    Its Content-Security-Policy needs the origins of the signed URLs. They are read from such URLs, so that all of
    the addressing style of the bucket, a public endpoint and a CDN are respected. Signing makes no network call.
    """
    put = adapters.objects.presign_put(
        _ANY_KEY, content_type=IMAGE_CONTENT_TYPE, size_bytes=1, expires_in_s=1, signed_at=_ANY_TIME
    )
    read = [
        signer.presign_get(_ANY_KEY, content_type=IMAGE_CONTENT_TYPE, expires_in_s=1, signed_at=_ANY_TIME)
        for signer in (adapters.objects, adapters.playback_signer)
    ]
    urls = [settings.server.public_url, put.url, *read]
    return WebPage(
        is_served=settings.web.page,
        origins=tuple(dict.fromkeys(map(_origin, urls))),
        signs_in_locally=settings.web.page and bool(settings.web.page_local_sign_in),
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
