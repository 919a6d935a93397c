"""Settings of playback."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.uploads import MAX_PRESIGNED_LIFETIME_S
from entrypoints.config.values import ConcernSettings, prefixed


class PlaybackSettings(ConcernSettings, frozen=True, kw_only=True, rename=prefixed("playback_")):
    """Playback of published videos."""

    url_expiration_seconds: Annotated[
        int, Meta(ge=1, le=MAX_PRESIGNED_LIFETIME_S, description="Lifetime in seconds of a presigned playback URL.")
    ] = 3600
