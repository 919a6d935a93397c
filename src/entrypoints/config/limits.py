"""Settings of rate limits, quotas and the duration of videos."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from domain.model.access.quota import Quota
from domain.model.access.rate_limit import rate_limit
from entrypoints.config.networks import networks
from entrypoints.config.values import ConcernSettings, Positive, variable


class LimitSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """Rate limits, quotas per user, and the maximum duration of a video."""

    rate_limit_per_user: Annotated[
        str | None,
        Meta(
            description="Maximum request rate of one user, such as `600/minute` (`second`, `minute`, `hour`, `day`). "
            "With Redis all processes share one count; without it each process counts alone. Unset: no limit."
        ),
    ] = None
    rate_limit_per_address: Annotated[
        str | None,
        Meta(
            description="Maximum rate of requests without a valid token from one IPv4 address or IPv6 /64. "
            "Unset: no limit."
        ),
    ] = None
    trusted_proxies: Annotated[
        str | None,
        Meta(
            description="Comma-separated networks of trusted proxies in CIDR notation. `X-Forwarded-For` is used only "
            "when one of these proxies sent it. Unset: never."
        ),
    ] = None
    max_videos_in_flight_per_user: Annotated[
        Positive | None,
        Meta(description="Maximum number of a user's videos that are being uploaded or processed. Unset: no limit."),
    ] = None
    max_stored_bytes_per_user: Annotated[
        Positive | None,
        Meta(
            description="Maximum total size in bytes of a user's videos. A video counts with its declared size, and "
            "after publication with the size of its published file and of a kept original. Unset: no limit."
        ),
    ] = None
    max_uploads_per_day_per_user: Annotated[
        Positive | None, Meta(description="Maximum number of a user's uploads per day (UTC). Unset: no limit.")
    ] = None
    max_video_seconds: Annotated[Positive, Meta(description="Maximum duration of a video in seconds.")] = 4 * 3600

    @property
    def quota(self) -> Quota:
        """What one user may use."""
        return Quota(
            max_videos_in_flight=self.max_videos_in_flight_per_user,
            max_stored_bytes=self.max_stored_bytes_per_user,
            max_uploads_per_day=self.max_uploads_per_day_per_user,
        )

    def problems(self) -> list[str]:
        parsers: dict[str, Callable[[str], object]] = {
            "rate_limit_per_user": rate_limit,
            "rate_limit_per_address": rate_limit,
            "trusted_proxies": networks,
        }
        problems: list[str] = []
        for name, parse in parsers.items():
            try:
                if (text := getattr(self, name)) is not None:
                    parse(text)
            except ValueError as error:
                problems.append(f"{variable(name)}: {error}")
        return problems
