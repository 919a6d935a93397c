"""The WebhookSecrets port: signatures by the library of the Standard Webhooks specification."""

import base64
import os
from collections.abc import Sequence
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from standardwebhooks import Webhook

from domain.model.errors import Unavailable
from domain.ports.webhook_secrets import WebhookSecrets

SECRET_BYTES = 32
PREFIX = "whsec_"

_SEALED, _PLAIN = "sealed:", "plain:"
_PURPOSE = b"telecine: secrets of webhooks"


class StandardWebhookSecrets(WebhookSecrets):
    """Secrets, encrypted with a key that is derived from `master`; without one they are stored as they are."""

    def __init__(self, master: bytes | None) -> None:
        self._cipher = None if master is None else Fernet(_derived(master))

    def create(self) -> str:
        return self._seal(os.urandom(SECRET_BYTES))

    def reveal(self, sealed: str) -> str:
        return PREFIX + base64.b64encode(self._unseal(sealed)).decode()

    def sign(self, sealed: Sequence[str], *, message_id: str, sent_at: datetime, body: str) -> str:
        return " ".join(Webhook(self._unseal(each)).sign(message_id, sent_at, body) for each in sealed)

    def _seal(self, secret: bytes) -> str:
        if self._cipher is None:
            return _PLAIN + base64.b64encode(secret).decode()
        return _SEALED + self._cipher.encrypt(secret).decode()

    def _unseal(self, sealed: str) -> bytes:
        try:
            if sealed.startswith(_PLAIN):
                return base64.b64decode(sealed.removeprefix(_PLAIN))
            if self._cipher is not None:
                return self._cipher.decrypt(sealed.removeprefix(_SEALED))
        except (InvalidToken, ValueError) as error:
            raise _unreadable() from error
        raise _unreadable()


def _derived(master: bytes) -> bytes:
    key = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(master)
    return base64.urlsafe_b64encode(key)


def _unreadable() -> Unavailable:
    return Unavailable(
        "The secret of a webhook was stored with another TELECINE_WEBHOOK_SECRET_KEY or token secret; restore that "
        "key, or rotate the webhook's secret.",
        code="webhook_secret_unreadable",
        retryable=False,
    )
