"""What hostile and broken receivers can do to the sender: little, and not for long."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from adapters.webhook.config import WebhookConfig
from adapters.webhook.sender import READ_BYTES, HttpWebhookSender
from domain.model.webhooks.delivery import DeliveryError
from tests.integration.webhook.sending import LOOPBACK, ScriptedResolver, a_message, opened_sender
from tests.services.webhook_receiver import OK, Received, Receiver, answering, certificates, running_receiver

pytestmark = pytest.mark.anyio

REFUSAL = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    """A receiver on 127.0.0.1."""
    async with running_receiver() as running:
        yield running


@pytest.fixture
async def sender() -> AsyncGenerator[HttpWebhookSender]:
    """A sender that may call it."""
    async with opened_sender() as opened:
        yield opened


async def test_headers_are_those_of_the_specification(sender: HttpWebhookSender, receiver: Receiver) -> None:
    """`Host` has the name, and no credentials, cookies or proxies are added."""
    await sender.send(a_message(receiver.url(host="receiver.example") + "?a=b"))
    (received,) = receiver.received
    assert received.target == "/hook?a=b"
    assert received.headers == {
        "host": f"receiver.example:{receiver.port}",
        "connection": "close",
        "content-type": "application/json",
        "content-length": "2",
        "user-agent": "Telecine-Webhooks",
        "webhook-id": "msg_1",
        "webhook-timestamp": "1767323045",
        "webhook-signature": "v1,abc",
    }


async def test_the_environment_names_no_proxy(
    sender: HttpWebhookSender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would resolve the name itself."""
    async with running_receiver() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await sender.send(a_message(receiver.url()))).is_success
        assert proxy.connects == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_failures(sender: HttpWebhookSender, receiver: Receiver, status: int) -> None:
    """The target is not called."""
    async with running_receiver() as target:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {target.url()}\r\nContent-Length: 0\r\n\r\n"
        receiver.answer = answering(head.encode())
        answer = await sender.send(a_message(receiver.url()))
        assert (answer.status, answer.failure) == (status, DeliveryError.REDIRECTED)
        assert target.connects == 0


async def test_cookies_are_not_kept(sender: HttpWebhookSender, receiver: Receiver) -> None:
    """Two users may have the same receiver."""
    receiver.answer = answering(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")
    for _ in range(2):
        await sender.send(a_message(receiver.url()))
    assert [("cookie" in each.headers) for each in receiver.received] == [False, False]


async def test_an_endless_answer_is_abandoned(sender: HttpWebhookSender, receiver: Receiver) -> None:
    """After 16 KiB; the first KiB is kept, and 10 GB are not in memory."""
    written = 0

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            written += 65536
            await writer.drain()

    receiver.answer = answer
    tracemalloc.start()
    result = await sender.send(a_message(receiver.url()))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (result.status, result.text) == (200, "x" * 1024)
    assert READ_BYTES <= written < 64 * 1024 * 1024
    assert peak_bytes < 16 * 1024 * 1024


async def test_a_compressed_answer_stays_compressed(sender: HttpWebhookSender, receiver: Receiver) -> None:
    """A megabyte of zeros in a kilobyte is a kilobyte."""
    bomb = gzip.compress(bytes(1024 * 1024))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    receiver.answer = answering(head.encode() + bomb)
    answer = await sender.send(a_message(receiver.url()))
    assert answer.text is not None
    assert len(answer.text) <= 1024


async def test_silence_ends_at_the_time_limit(receiver: Receiver) -> None:
    """Of the whole attempt, also if a byte arrives now and then."""

    async def silent(_received: Received, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def dripping(_received: Received, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Filler: " + b"x" * 600:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.1)

    async with opened_sender(WebhookConfig(policy=LOOPBACK, timeout_s=1.0)) as sender:
        for answer in (silent, dripping):
            receiver.answer = answer
            result = await sender.send(a_message(receiver.url()))
            assert (result.status, result.error) == (None, DeliveryError.TIMED_OUT)
            assert result.latency_ms >= 990


async def test_a_status_counts_although_its_body_does_not_end(receiver: Receiver) -> None:
    """The receiver has decided."""

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n".replace(b"204", b"200"))
        await writer.drain()
        await asyncio.sleep(60)

    receiver.answer = answer
    async with opened_sender(WebhookConfig(policy=LOOPBACK, timeout_s=1.0)) as sender:
        assert (await sender.send(a_message(receiver.url()))).is_success


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"\x00" * 4096,
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 40_000,
    ],
)
async def test_what_is_not_http_is_invalid(sender: HttpWebhookSender, receiver: Receiver, raw: bytes) -> None:
    """Also too many headers."""
    receiver.answer = answering(raw + b"\r\n\r\n")
    answer = await sender.send(a_message(receiver.url()))
    assert (answer.status, answer.error) == (None, DeliveryError.INVALID_ANSWER)


async def test_a_closed_port_and_a_closed_connection_are_failures(
    sender: HttpWebhookSender, receiver: Receiver
) -> None:
    """Both may be repeated."""

    async def close(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.close()

    receiver.answer = close
    assert (await sender.send(a_message(receiver.url()))).error is not None
    async with running_receiver() as stopped:
        url = stopped.url()
    assert (await sender.send(a_message(url))).error is DeliveryError.CONNECTION_FAILED


@pytest.mark.parametrize(
    ("text", "expected_s"),
    [
        ("120", 120.0),
        ("99999999999999999999", 999_999_999.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("Mon, 99 Foo 2026 00:00:00 GMT", None),
        ("²", None),
    ],
)
async def test_retry_after_in_any_form(
    sender: HttpWebhookSender, receiver: Receiver, text: str, expected_s: float | None
) -> None:
    """Seconds or a time; a malformed one is ignored."""
    receiver.answer = answering(
        f"HTTP/1.1 429 No\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    )
    answer = await sender.send(a_message(receiver.url()))
    assert (answer.status, answer.retry_after_s) == (429, expected_s)


async def test_retry_after_as_a_time(sender: HttpWebhookSender, receiver: Receiver) -> None:
    """Becomes the seconds until then."""
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    receiver.answer = answering(f"HTTP/1.1 503 No\r\nRetry-After: {moment}\r\nContent-Length: 0\r\n\r\n".encode())
    answer = await sender.send(a_message(receiver.url()))
    assert answer.retry_after_s is not None
    assert 3400 < answer.retry_after_s <= 3600


@pytest.mark.parametrize("name", ["receiver.example", "xn--bcher-kva.example", "127.0.0.1"])
async def test_a_certificate_is_checked_for_the_name(tmp_path: Path, name: str) -> None:
    """Although the connection goes to an address; an international name is sent in ASCII."""
    made = certificates(tmp_path, name=name)
    shown = "bücher.example" if name.startswith("xn--") else name
    async with (
        running_receiver(made.server) as receiver,
        opened_sender(WebhookConfig(policy=LOOPBACK, tls=made.trust)) as sender,
    ):
        assert (await sender.send(a_message(receiver.url(scheme="https", host=shown)))).is_success
        other = await sender.send(a_message(receiver.url(scheme="https", host="other.example")))
        assert other.error is DeliveryError.TLS_FAILED
        assert receiver.received[0].headers["host"] == f"{name}:{receiver.port}"
        assert len(receiver.received) == 1


async def test_an_expired_certificate_and_an_unknown_authority_are_refused(tmp_path: Path) -> None:
    """Nothing is sent."""
    made = certificates(tmp_path, name="receiver.example", is_expired=True)
    async with running_receiver(made.server) as receiver:
        url = receiver.url(scheme="https", host="receiver.example")
        for config in (WebhookConfig(policy=LOOPBACK, tls=made.trust), WebhookConfig(policy=LOOPBACK)):
            async with opened_sender(config) as sender:
                assert (await sender.send(a_message(url))).error is DeliveryError.TLS_FAILED
        assert receiver.received == []


async def test_plain_http_on_a_tls_port_fails(receiver: Receiver) -> None:
    """As a fault of TLS."""
    async with opened_sender(WebhookConfig(policy=LOOPBACK, timeout_s=4)) as sender:
        answer = await sender.send(a_message(receiver.url(scheme="https", host="receiver.example")))
    assert answer.error in {DeliveryError.TLS_FAILED, DeliveryError.CONNECTION_FAILED, DeliveryError.TIMED_OUT}


async def test_a_declared_name_is_resolved_and_checked() -> None:
    """One that has no address yet is accepted."""
    async with opened_sender(WebhookConfig()) as sender:
        with pytest.raises(Exception, match="public Internet"):
            await sender.check("https://receiver.example/")
    public = ScriptedResolver(["8.8.8.8"])
    async with opened_sender(WebhookConfig(), resolver=public) as sender:
        assert await sender.check("https://receiver.example") == "https://receiver.example/"
    assert public.lookups == ["receiver.example"]


async def test_what_follows_an_answer_answers_no_other_message(sender: HttpWebhookSender, receiver: Receiver) -> None:
    """Whether it arrives together with the answer or later; the receiver keeps the connection open."""

    async def answer_twice(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(REFUSAL + OK)
        await writer.drain()
        writer.write(OK)
        await writer.drain()

    receiver.answer = answer_twice
    answers = [await sender.send(a_message(receiver.url())) for _ in range(5)]
    assert [answer.status for answer in answers] == [500] * 5
    assert receiver.connects == 5


async def test_silent_receivers_take_no_connections_from_others(receiver: Receiver) -> None:
    """However many requests they keep open."""
    all_open, silence = asyncio.Event(), asyncio.Event()

    async def silent(_received: Received, _writer: asyncio.StreamWriter) -> None:
        if len(other.received) == 300:
            all_open.set()
        await silence.wait()

    async with running_receiver() as other, opened_sender(WebhookConfig(LOOPBACK, timeout_s=60.0)) as sender:
        other.answer = silent
        waiting = [asyncio.create_task(sender.send(a_message(other.url()))) for _ in range(300)]
        await asyncio.wait_for(all_open.wait(), 60)
        assert (await sender.send(a_message(receiver.url()))).is_success
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
