"""A sender that resolves every name to the addresses that a test chooses."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network

from adapters.webhook.config import WebhookConfig
from adapters.webhook.resolver import Resolver
from adapters.webhook.sender import HttpWebhookSender, open_webhook_sender
from domain.model.webhooks.addresses import AddressPolicy, IPAddress
from domain.ports.webhook_sender import SignedMessage
from tests.support.builders import NOW

LOOPBACK = AddressPolicy(allowed_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))


class ScriptedResolver(Resolver):
    """Answers each lookup with the next list of addresses, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.lookups: list[str] = []
        self._answers = answers

    async def addresses(self, host: str) -> list[IPAddress]:
        chosen = self._answers[min(len(self.lookups), len(self._answers) - 1)]
        self.lookups.append(host)
        return [ip_address(each) for each in chosen]


@asynccontextmanager
async def opened_sender(
    config: WebhookConfig | None = None, *, resolver: Resolver | None = None
) -> AsyncGenerator[HttpWebhookSender]:
    """A sender that may call loopback addresses, and takes every name for one."""
    async with open_webhook_sender(
        config or WebhookConfig(policy=LOOPBACK), resolver=resolver or ScriptedResolver(["127.0.0.1"])
    ) as sender:
        yield sender


def a_message(url: str, *, body: str = "{}") -> SignedMessage:
    """A message to this URL."""
    return SignedMessage(url, "msg_1", NOW, "v1,abc", body)
