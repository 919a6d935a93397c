"""Checks that a webhook message comes from Telecine."""

from collections.abc import Mapping
from typing import Any

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError

from telecine_client.errors import InvalidArgument, InvalidSignature


def verify_webhook(secret: str, body: bytes | str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The message of a webhook: `type`, `timestamp` and `data`; `body` is the request's body, byte for byte.

    The names of headers may be in any case. After a rotation of the secret, messages carry a signature with each of the
    two secrets for some time, so that either is accepted.

    Raises:
        InvalidArgument: `invalid_secret`: the text is not a webhook's secret.
        InvalidSignature: the message was not signed with this secret, was changed, or is more than five minutes old.
    """
    try:
        webhook = Webhook(secret)
    except (EmptyWebhookSecretError, ValueError) as error:
        raise InvalidArgument("The secret must be base64 after `whsec_`.", code="invalid_secret") from error
    try:
        message: dict[str, Any] = webhook.verify(body, dict(headers))
    except (WebhookVerificationError, ValueError) as error:
        raise InvalidSignature(f"The webhook message is not genuine: {error}.") from error
    return message
