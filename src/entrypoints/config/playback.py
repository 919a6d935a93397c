"""Settings of playback."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from domain.model.videos.playback_lifetime import PlaybackLifetime
from entrypoints.config.addresses import is_web_address
from entrypoints.config.uploads import MAX_PRESIGNED_LIFETIME_S
from entrypoints.config.values import ConcernSettings, Positive, Secret, variable

# Text that needs no escapes in the expression of a rule, where the operator copies it to.
_CDN_SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")


class PlaybackSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Playback of published videos: its URLs, a CDN in front of the bucket, and tokens for viewers."""

    playback_url_expiration_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=MAX_PRESIGNED_LIFETIME_S,
            description="Seconds for which a playback URL is valid at least. It is signed for half of that time more, "
            "because all URLs of that time are the same, so that caches can hold what they serve.",
        ),
    ] = 3600
    playback_tokens_per_video: Annotated[
        Positive, Meta(description="The maximum number of valid playback tokens per video.")
    ] = 1000
    cdn_url: Annotated[
        str | None,
        Meta(
            description="URL of a domain at Cloudflare that serves the bucket's objects under their keys, such as a "
            "custom domain of R2; players get its URLs. Unset: players get presigned URLs of the bucket."
        ),
    ] = None
    cdn_secret: Annotated[
        Secret | None,
        Meta(
            description="Secret that signs URLs of the CDN: at least 32 letters, digits, `-` and `_`. The rule or "
            "the Worker of the CDN has it too."
        ),
    ] = None

    @property
    def lifetime(self) -> PlaybackLifetime:
        """The lifetime of playback URLs."""
        return PlaybackLifetime(self.playback_url_expiration_seconds)

    def problems(self) -> list[str]:
        if self.cdn_url is None:
            return [] if self.cdn_secret is None else ["TELECINE_CDN_URL: required with TELECINE_CDN_SECRET"]
        problems: list[str] = []
        if not is_web_address(self.cdn_url) or urlsplit(self.cdn_url).path:
            problems.append("TELECINE_CDN_URL: an http(s) URL with a host, without a path, is required")
        if self.cdn_secret is None:
            problems.append("TELECINE_CDN_SECRET: required with TELECINE_CDN_URL")
        elif not _CDN_SECRET.fullmatch(self.cdn_secret.reveal()):
            problems.append("TELECINE_CDN_SECRET: at least 32 characters are required: letters, digits, `-` and `_`")
        return problems
