"""Sends webhooks to their receivers."""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.model.webhooks.delivery import Answer


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """One attempt to send a message: the body, and what the headers of Standard Webhooks contain."""

    url: str
    message_id: str
    sent_at: datetime
    signature: str = field(repr=False)
    body: str = field(repr=False)


class WebhookSender(Protocol):
    """Sends messages over HTTP, only to addresses that the operator's policy allows.

    The host is resolved for every connection. If one of its addresses is not allowed, nothing is connected to;
    otherwise the connection goes to an address that was checked. Redirects are not followed, proxies of the
    environment are not used, and no cookie is kept.
    """

    @abstractmethod
    async def send(self, message: SignedMessage) -> Answer:
        """POST the message, and return the receiver's answer or why there is none.

        At most 16 KiB of an answer are read, and its first KiB is returned. Whatever the receiver does, the call ends
        within the time limit and raises nothing.
        """

    @abstractmethod
    async def check(self, url: str) -> str:
        """Check a URL that a client declares, and return it in the form to store.

        A host that cannot be resolved now is accepted, because its name may be created later.

        Raises:
            Rejected: `invalid_webhook_url`, `webhook_port_not_allowed`, `webhook_https_required` or
                `webhook_address_not_allowed`.
        """
