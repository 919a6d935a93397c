"""The contract of every store of webhook secrets: the specification's own library verifies the signatures."""

import base64
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.fakes.webhook_secrets import FakeWebhookSecrets
from adapters.webhook.secrets import StandardWebhookSecrets
from domain.model.errors import Unavailable
from domain.ports.webhook_secrets import WebhookSecrets

BODY = '{"type":"video.completed","data":{"message":"ä"}}'
MESSAGE_ID = "msg_2f8e6c7a"


@pytest.fixture(params=["fake", "sealed", "plain"])
def secrets(request: pytest.FixtureRequest) -> WebhookSecrets:
    """Each store in turn."""
    match request.param:
        case "fake":
            return FakeWebhookSecrets()
        case "sealed":
            return StandardWebhookSecrets(b"m" * 32)
        case _:
            return StandardWebhookSecrets(None)


def _verify(secret: str, signature: str, sent_at: datetime, body: str = BODY) -> None:
    headers = {
        "webhook-id": MESSAGE_ID,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": signature,
    }
    Webhook(secret).verify(body, headers)


def test_a_signature_verifies(secrets: WebhookSecrets) -> None:
    """With its own secret, and no other body."""
    sealed, now = secrets.create(), datetime.now(UTC)
    signature = secrets.sign([sealed], message_id=MESSAGE_ID, sent_at=now, body=BODY)
    _verify(secrets.reveal(sealed), signature, now)
    with pytest.raises(WebhookVerificationError):
        _verify(secrets.reveal(sealed), signature, now, BODY + " ")
    with pytest.raises(WebhookVerificationError):
        _verify(secrets.reveal(secrets.create()), signature, now)


def test_two_secrets_sign_together(secrets: WebhookSecrets) -> None:
    """A receiver with either of them accepts the message."""
    new, old, now = secrets.create(), secrets.create(), datetime.now(UTC)
    signature = secrets.sign([new, old], message_id=MESSAGE_ID, sent_at=now, body=BODY)
    assert len(signature.split(" ")) == 2
    for sealed in (new, old):
        _verify(secrets.reveal(sealed), signature, now)


def test_secrets_are_new_and_long(secrets: WebhookSecrets) -> None:
    """32 bytes, in the form that the specification's libraries take."""
    revealed = {secrets.reveal(secrets.create()) for _ in range(50)}
    assert len(revealed) == 50
    for each in revealed:
        assert each.startswith("whsec_")
        assert len(base64.b64decode(each.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize("sealed", ["", "sealed:", "sealed:bm8=", "other", "plain:é"])
def test_what_another_key_has_sealed_cannot_be_used(secrets: WebhookSecrets, sealed: str) -> None:
    """The operator learns what to do; a retry would not help."""
    for call in (
        lambda: secrets.reveal(sealed),
        lambda: secrets.sign([sealed], message_id=MESSAGE_ID, sent_at=datetime.now(UTC), body=BODY),
    ):
        with pytest.raises(Unavailable) as failure:
            call()
        assert failure.value.code == "webhook_secret_unreadable"
        assert not failure.value.retryable
