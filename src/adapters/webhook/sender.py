"""The WebhookSender port, over httpcore."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import floor
from time import perf_counter

import httpcore

from adapters.webhook.config import WebhookConfig
from adapters.webhook.network import CheckedNetwork
from adapters.webhook.resolver import Resolver, Unresolvable, system_resolver
from domain.model.errors import Rejected
from domain.model.webhooks.delivery import MAX_ANSWER_BYTES, Answer, DeliveryError
from domain.model.webhooks.url import WebhookUrl, webhook_url
from domain.ports.webhook_sender import SignedMessage, WebhookSender

READ_BYTES = 16 * 1024

_MAX_RETRY_AFTER_DIGITS = 9


class HttpWebhookSender(WebhookSender):
    """One pool of connections for http and one for https, bound to the event loop that uses them.

    Every message has a connection of its own. Bytes that a receiver sends after its answer would otherwise be read as
    the answer to the next message on the connection, which may be that of another webhook on the same host.

    httpcore knows no redirects, no cookies, no proxies of the environment and no compressed answers, so none of them
    has to be switched off.
    """

    def __init__(
        self, config: WebhookConfig, resolver: Resolver, pools: dict[str, httpcore.AsyncConnectionPool]
    ) -> None:
        self._config = config
        self._resolver = resolver
        self._pools = pools

    async def send(self, message: SignedMessage) -> Answer:
        started_at = perf_counter()
        answer = Answer(latency_ms=0)
        try:
            async with asyncio.timeout(self._config.timeout_s):
                url = webhook_url(message.url, self._config.policy)
                async for known in self._answers(url, message):
                    answer = known
        except Exception as error:  # noqa: BLE001 (a receiver can provoke any error; each is the attempt's result)
            # A status is the receiver's decision, even if its body does not end.
            if answer.status is None:
                answer = Answer(latency_ms=0, error=_reason(error))
        return Answer(
            latency_ms=round((perf_counter() - started_at) * 1000),
            status=answer.status,
            text=answer.text,
            retry_after_s=answer.retry_after_s,
            error=answer.error,
        )

    async def check(self, url: str) -> str:
        checked = webhook_url(url, self._config.policy)
        if checked.address is None:
            with suppress(Unresolvable):
                addresses = await self._resolver.addresses(checked.host)
                self._config.policy.check(addresses, is_https=checked.is_https)
        return checked.text

    async def _answers(self, url: WebhookUrl, message: SignedMessage) -> AsyncGenerator[Answer]:
        """What is known of the answer: first its status, then also its body."""
        request = self._pools[url.scheme].stream(
            "POST",
            url.text,
            headers=_headers(message),
            content=message.body.encode(),
            extensions={"timeout": {"connect": self._config.connect_timeout_s}},
        )
        async with request as response:
            retry_after_s = _retry_after_s(response.headers)
            yield Answer(latency_ms=0, status=response.status, retry_after_s=retry_after_s)
            text = await _beginning(response)
            yield Answer(latency_ms=0, status=response.status, text=text, retry_after_s=retry_after_s)


@asynccontextmanager
async def open_webhook_sender(
    config: WebhookConfig, *, resolver: Resolver | None = None
) -> AsyncGenerator[HttpWebhookSender]:
    """Open the sender; at its end every connection is closed."""
    async with system_resolver() as system:
        chosen = resolver or system
        async with _pool(config, chosen, is_https=True) as https, _pool(config, chosen, is_https=False) as http:
            yield HttpWebhookSender(config, chosen, {"https": https, "http": http})


def _pool(config: WebhookConfig, resolver: Resolver, *, is_https: bool) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=config.tls,
        # The worker limits the requests that run at once. A limit here would make some of them wait for a connection
        # until they time out, because of other receivers that are slow.
        max_connections=None,
        max_keepalive_connections=0,
        network_backend=CheckedNetwork(resolver, config.policy, is_https=is_https),
    )


def _headers(message: SignedMessage) -> dict[bytes | str, bytes | str]:
    return {
        "connection": "close",
        "content-type": "application/json",
        "user-agent": "Telecine-Webhooks",
        "webhook-id": message.message_id,
        "webhook-timestamp": str(floor(message.sent_at.timestamp())),
        "webhook-signature": message.signature,
    }


async def _beginning(response: httpcore.Response) -> str:
    """The first KiB of the body as text; a body that is longer than 16 KiB is abandoned with its connection."""
    body = b""
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > READ_BYTES:
            break
    return body[:MAX_ANSWER_BYTES].decode(errors="replace")


def _retry_after_s(headers: list[tuple[bytes, bytes]]) -> float | None:
    """The header `Retry-After` in either of its forms (RFC 9110); None if there is none or it is malformed."""
    text = next((value.decode("latin-1").strip() for name, value in headers if name.lower() == b"retry-after"), "")
    if text.isascii() and text.isdigit():
        return float(text[:_MAX_RETRY_AFTER_DIGITS])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _reason(error: Exception) -> DeliveryError:
    """Why there is no answer."""
    match error:
        case Rejected():
            return DeliveryError.ADDRESS_NOT_ALLOWED
        case Unresolvable():
            return DeliveryError.UNRESOLVABLE
        case TimeoutError() | httpcore.TimeoutException():
            return DeliveryError.TIMED_OUT
        case httpcore.ProtocolError():
            return DeliveryError.INVALID_ANSWER
        case _:
            return DeliveryError.TLS_FAILED if _is_tls(error) else DeliveryError.CONNECTION_FAILED


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
