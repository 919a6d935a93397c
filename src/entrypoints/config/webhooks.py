"""Settings of webhooks."""

from typing import Annotated

from msgspec import Meta

from domain.model.webhooks.addresses import AddressPolicy
from entrypoints.config.networks import networks
from entrypoints.config.values import ConcernSettings, LongSeconds, Positive, Seconds, Secret, prefixed

MIN_KEY_BYTES = 32


class WebhookSettings(ConcernSettings, frozen=True, kw_only=True, rename=prefixed("webhook_")):
    """Which receivers webhooks may be sent to, and how."""

    allow_http: Annotated[bool, Meta(description="Accept http URLs of webhooks; otherwise only https.")] = False
    allowed_networks: Annotated[
        str | None,
        Meta(
            description="Networks in CIDR notation, separated by commas, in which receivers may be although they are "
            "not on the public Internet; http is accepted there. Anyone with a token can make the server send requests "
            "to these networks. Unset: none."
        ),
    ] = None
    timeout_seconds: Annotated[
        Seconds, Meta(description="Time in seconds in which a receiver must answer; it includes connecting.")
    ] = 15.0
    endpoint_concurrency: Annotated[Positive, Meta(description="Requests to one webhook that run at once.")] = 16
    max_per_user: Annotated[Positive, Meta(description="Maximum number of webhooks of one user.")] = 20
    disable_after_days: Annotated[
        float,
        Meta(
            gt=0,
            le=365,
            description="Days after which a webhook is disabled if every attempt has failed since the first failure.",
        ),
    ] = 5.0
    delivery_days: Annotated[
        int, Meta(ge=1, le=3650, description="Days after which deliveries are removed from the log of a webhook.")
    ] = 30
    secret_overlap_seconds: Annotated[
        LongSeconds,
        Meta(description="Time in seconds for which requests also carry the signature of a replaced secret."),
    ] = 86_400
    secret_key: Annotated[
        Secret | None,
        Meta(
            description="Key of at least 32 bytes that encrypts the secrets of webhooks in the database. Unset: the "
            "secret that signs tokens, so that changing that one makes the webhooks' secrets unreadable; with "
            "`TELECINE_JWKS_URL` there is none, and they are stored unencrypted."
        ),
    ] = None

    @property
    def policy(self) -> AddressPolicy:
        """Which receivers are allowed."""
        allowed = networks(self.allowed_networks) if self.allowed_networks is not None else ()
        return AddressPolicy(allow_http=self.allow_http, allowed_networks=allowed)

    def problems(self) -> list[str]:
        problems: list[str] = []
        if self.secret_key is not None and len(self.secret_key.reveal().encode()) < MIN_KEY_BYTES:
            problems.append(f"TELECINE_WEBHOOK_SECRET_KEY: at least {MIN_KEY_BYTES} bytes are required")
        try:
            networks(self.allowed_networks or "192.0.2.0/24")
        except ValueError as error:
            problems.append(f"TELECINE_WEBHOOK_ALLOWED_NETWORKS: {error}")
        return problems
