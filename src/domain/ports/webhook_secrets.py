"""The secrets that sign webhooks."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class WebhookSecrets(Protocol):
    """Creates secrets and signs with them. The database holds only sealed secrets."""

    @abstractmethod
    def create(self) -> str:
        """A new sealed secret of 32 random bytes."""

    @abstractmethod
    def reveal(self, sealed: str) -> str:
        """The secret as the receiver needs it: `whsec_` and base64.

        Raises:
            Unavailable: `webhook_secret_unreadable`, not retryable: it was sealed with another key.
        """

    @abstractmethod
    def sign(self, sealed: Sequence[str], *, message_id: str, sent_at: datetime, body: str) -> str:
        """The header `webhook-signature`: one signature per secret, separated by spaces.

        Raises:
            Unavailable: `webhook_secret_unreadable`, not retryable: one of them was sealed with another key.
        """
