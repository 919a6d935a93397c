"""How secrets of webhooks are stored."""

import base64

import pytest

from adapters.webhook.secrets import StandardWebhookSecrets
from domain.model.errors import Unavailable


def test_a_database_alone_does_not_show_a_secret() -> None:
    """It is encrypted with a key that is not in the database, and no two texts are equal."""
    secrets = StandardWebhookSecrets(b"m" * 32)
    sealed = secrets.create()
    revealed = secrets.reveal(sealed).removeprefix("whsec_")
    assert base64.b64decode(revealed) not in base64.urlsafe_b64decode(sealed.removeprefix("sealed:"))
    with pytest.raises(Unavailable):
        StandardWebhookSecrets(b"n" * 32).reveal(sealed)
    with pytest.raises(Unavailable):
        StandardWebhookSecrets(None).reveal(sealed)


def test_secrets_that_were_stored_before_there_was_a_key_stay_readable() -> None:
    """An operator can set a key later; new secrets are encrypted then."""
    plain = StandardWebhookSecrets(None).create()
    later = StandardWebhookSecrets(b"m" * 32)
    assert later.reveal(plain) == StandardWebhookSecrets(None).reveal(plain)
    assert later.create().startswith("sealed:")
