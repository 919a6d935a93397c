"""A fake Internet of receivers."""

import asyncio
from collections.abc import Callable

from domain.model.errors import Rejected
from domain.model.webhooks.addresses import AddressPolicy
from domain.model.webhooks.delivery import Answer, DeliveryError
from domain.model.webhooks.url import webhook_url
from domain.ports.webhook_sender import SignedMessage, WebhookSender

OK = Answer(latency_ms=12, status=200, text="ok")


class FakeWebhookSender(WebhookSender):
    """Records the messages and how many are `running`; `answer` decides how the receivers answer, by default 200."""

    def __init__(self, policy: AddressPolicy | None = None) -> None:
        self.sent: list[SignedMessage] = []
        self.running = 0
        self.answer: Callable[[SignedMessage], Answer] = lambda _message: OK
        self._policy = policy or AddressPolicy()

    async def send(self, message: SignedMessage) -> Answer:
        try:
            webhook_url(message.url, self._policy)
        except Rejected:
            return Answer(latency_ms=0, error=DeliveryError.ADDRESS_NOT_ALLOWED)
        self.sent.append(message)
        self.running += 1
        await asyncio.sleep(0)  # The others that are sent at once begin.
        answer = self.answer(message)
        self.running -= 1
        return answer

    async def check(self, url: str) -> str:
        return webhook_url(url, self._policy).text
