"""How webhooks are sent."""

import ssl
from dataclasses import dataclass, field
from functools import cache

import httpcore

from domain.model.webhooks.addresses import AddressPolicy


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Certifi's authorities and those of the system, among which an operator installs a private one; read once."""
    context = httpcore.default_ssl_context()
    context.load_default_certs()
    return context


@dataclass(frozen=True, slots=True)
class WebhookConfig:
    """Limits of one attempt, and which receivers are allowed."""

    policy: AddressPolicy = field(default_factory=AddressPolicy)
    timeout_s: float = 15.0
    tls: ssl.SSLContext = field(default_factory=trusted_certificates)

    @property
    def connect_timeout_s(self) -> float:
        """The limit for TCP, and again for TLS.

        Both end before the whole attempt does: httpcore closes a connection that its own limit ends, and leaves open
        one whose handshake is cancelled.
        """
        return self.timeout_s / 4
