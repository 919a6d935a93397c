"""The contract of every sender of webhooks."""

from abc import abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Protocol

import pytest

from adapters.fakes.webhook_sender import FakeWebhookSender
from adapters.webhook.config import WebhookConfig
from adapters.webhook.sender import open_webhook_sender
from domain.model.errors import Rejected
from domain.model.webhooks.addresses import AddressPolicy
from domain.model.webhooks.delivery import Answer, DeliveryError
from domain.ports.webhook_sender import SignedMessage, WebhookSender
from tests.services.webhook_receiver import Receiver, answering, running_receiver
from tests.support.builders import NOW

pytestmark = pytest.mark.anyio

MESSAGE_ID = "msg_1"


class Rig(Protocol):
    """A sender, and a receiver whose answer the test chooses."""

    @property
    @abstractmethod
    def sender(self) -> WebhookSender:
        """The sender."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The receiver's URL."""

    @abstractmethod
    def answer_with(self, status: int, text: str, *, retry_after_s: int | None = None) -> None:
        """Choose the next answers."""

    @abstractmethod
    def sent(self) -> list[tuple[str, str, str]]:
        """The id, the signature and the body of what arrived."""


@dataclass
class FakeRig:
    """The fake Internet."""

    sender: FakeWebhookSender
    url: str = "https://receiver.example/hook"

    def answer_with(self, status: int, text: str, *, retry_after_s: int | None = None) -> None:
        self.sender.answer = lambda _: Answer(3, status, text, retry_after_s)

    def sent(self) -> list[tuple[str, str, str]]:
        return [(each.message_id, each.signature, each.body) for each in self.sender.sent]


@dataclass
class HttpRig:
    """A receiver on a loopback address, which the policy allows."""

    sender: WebhookSender
    receiver: Receiver
    url: str

    def answer_with(self, status: int, text: str, *, retry_after_s: int | None = None) -> None:
        retry_after = "" if retry_after_s is None else f"Retry-After: {retry_after_s}\r\n"
        head = f"HTTP/1.1 {status} Some\r\n{retry_after}Content-Length: {len(text)}\r\n\r\n"
        self.receiver.answer = answering((head + text).encode())

    def sent(self) -> list[tuple[str, str, str]]:
        return [
            (each.headers["webhook-id"], each.headers["webhook-signature"], each.body.decode())
            for each in self.receiver.received
        ]


@pytest.fixture(params=["fake", "http"])
async def rig(request: pytest.FixtureRequest) -> AsyncGenerator[Rig]:
    """Each sender in turn."""
    if request.param == "fake":
        yield FakeRig(FakeWebhookSender())
        return
    policy = AddressPolicy(allowed_networks=(ip_network("127.0.0.0/8"),))
    async with running_receiver() as receiver, open_webhook_sender(WebhookConfig(policy=policy)) as sender:
        yield HttpRig(sender, receiver, receiver.url())


def _message(url: str) -> SignedMessage:
    return SignedMessage(url, MESSAGE_ID, NOW, "v1,abc v1,def", '{"ä":1}')


async def test_the_answer_is_returned(rig: Rig) -> None:
    """Its status, its text and how long it took; the receiver gets the message unchanged."""
    rig.answer_with(202, "thanks")
    answer = await rig.sender.send(_message(rig.url))
    assert (answer.status, answer.text, answer.error, answer.is_success) == (202, "thanks", None, True)
    assert answer.latency_ms >= 0
    assert rig.sent() == [(MESSAGE_ID, "v1,abc v1,def", '{"ä":1}')]


async def test_a_failure_is_an_answer_too(rig: Rig) -> None:
    """With the time that the receiver asks for."""
    rig.answer_with(503, "later", retry_after_s=120)
    answer = await rig.sender.send(_message(rig.url))
    assert (answer.status, answer.text, answer.retry_after_s, answer.is_success) == (503, "later", 120, False)


async def test_an_address_that_is_not_allowed_is_not_called(rig: Rig) -> None:
    """Also if it has been stored by mistake."""
    answer = await rig.sender.send(_message("https://10.0.0.1/"))
    assert (answer.status, answer.error) == (None, DeliveryError.ADDRESS_NOT_ALLOWED)
    assert rig.sent() == []


async def test_a_declared_url_is_checked(rig: Rig) -> None:
    """And returned in the form to store."""
    assert await rig.sender.check("https://8.8.8.8:443/hook#x") == "https://8.8.8.8/hook"
    for url, code in (
        ("https://192.168.0.1/", "webhook_address_not_allowed"),
        ("ftp://8.8.8.8/", "webhook_https_required"),
        ("https://8.8.8.8:6379/", "webhook_port_not_allowed"),
        ("https://a@8.8.8.8/", "invalid_webhook_url"),
    ):
        with pytest.raises(Rejected) as failure:
            await rig.sender.check(url)
        assert failure.value.code == code
