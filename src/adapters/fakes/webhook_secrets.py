"""Predictable secrets of webhooks."""

import base64
import hashlib
import hmac
import itertools
from collections.abc import Sequence
from datetime import datetime

from domain.model.errors import Unavailable
from domain.ports.webhook_secrets import WebhookSecrets

_PREFIX = "fake:"


class FakeWebhookSecrets(WebhookSecrets):
    """Counts secrets upwards; signs as the specification says, without its library."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def create(self) -> str:
        return _PREFIX + base64.b64encode(next(self._numbers).to_bytes(32, "big")).decode()

    def reveal(self, sealed: str) -> str:
        return "whsec_" + base64.b64encode(_unsealed(sealed)).decode()

    def sign(self, sealed: Sequence[str], *, message_id: str, sent_at: datetime, body: str) -> str:
        content = f"{message_id}.{int(sent_at.timestamp())}.{body}".encode()
        digests = [hmac.digest(_unsealed(each), content, hashlib.sha256) for each in sealed]
        return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def _unsealed(sealed: str) -> bytes:
    if not sealed.startswith(_PREFIX):
        raise Unavailable("Sealed with another key.", code="webhook_secret_unreadable", retryable=False)
    return base64.b64decode(sealed.removeprefix(_PREFIX))
