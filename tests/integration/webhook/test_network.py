"""No name and no spelling leads to an address that is not allowed: a sink on this machine counts connections."""

from collections.abc import AsyncGenerator
from ipaddress import ip_address

import httpcore
import pytest

from adapters.webhook.config import WebhookConfig
from adapters.webhook.network import CheckedNetwork
from domain.model.errors import Rejected
from domain.model.webhooks.addresses import AddressPolicy
from domain.model.webhooks.delivery import DeliveryError
from tests.integration.webhook.sending import LOOPBACK, ScriptedResolver, a_message, opened_sender
from tests.services.webhook_receiver import Receiver, running_receiver
from tests.support.webhooks import PRIVATE_HOSTS

pytestmark = pytest.mark.anyio

OPEN = AddressPolicy(allow_http=True)


@pytest.fixture
async def sink() -> AsyncGenerator[Receiver]:
    """Listens on every loopback address."""
    async with running_receiver(host="0.0.0.0") as running:  # noqa: S104
        yield running


async def test_no_spelling_of_a_private_address_is_connected_to(sink: Receiver) -> None:
    """With the real resolver of the system, over http and https."""
    async with opened_sender(WebhookConfig(policy=OPEN, timeout_s=5)) as sender:
        for scheme in ("http", "https"):
            for host in PRIVATE_HOSTS:
                answer = await sender.send(a_message(f"{scheme}://{host}:{sink.port}/"))
                assert answer.error is DeliveryError.ADDRESS_NOT_ALLOWED, host
    assert sink.connects == 0


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["fe80::1%lo"],
        ["169.254.169.254"],
        ["10.0.0.1"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104
    ],
)
async def test_a_name_of_a_private_address_is_not_connected_to(sink: Receiver, addresses: list[str]) -> None:
    """One such address among public ones is enough."""
    resolver = ScriptedResolver(addresses)
    async with opened_sender(WebhookConfig(policy=OPEN, timeout_s=5), resolver=resolver) as sender:
        answer = await sender.send(a_message(f"http://receiver.example:{sink.port}/"))
    assert answer.error is DeliveryError.ADDRESS_NOT_ALLOWED
    assert sink.connects == 0


async def test_a_name_that_rebinds_is_not_connected_to(sink: Receiver) -> None:
    """It is public when it is declared and private when it is called: each call resolves and checks once."""
    resolver = ScriptedResolver(["8.8.8.8"], ["127.0.0.1"])
    url = f"http://receiver.example:{sink.port}/"
    async with opened_sender(WebhookConfig(policy=OPEN, timeout_s=5), resolver=resolver) as sender:
        assert await sender.check(url) == url
        answer = await sender.send(a_message(url))
    assert answer.error is DeliveryError.ADDRESS_NOT_ALLOWED
    assert resolver.lookups == ["receiver.example"] * 2
    assert sink.connects == 0


async def test_the_address_that_was_checked_is_the_one_that_is_called(sink: Receiver) -> None:
    """The next answer of the name server would be another: it is not asked again."""
    resolver = ScriptedResolver(["127.0.0.1"], ["127.0.0.9"])
    async with opened_sender(WebhookConfig(policy=LOOPBACK), resolver=resolver) as sender:
        assert (await sender.send(a_message(f"http://receiver.example:{sink.port}/"))).is_success
    assert resolver.lookups == ["receiver.example"]
    assert sink.connects == 1


async def test_the_next_address_is_tried() -> None:
    """All of them are checked before the first is called."""
    async with running_receiver() as receiver:
        resolver = ScriptedResolver(["::1", "127.0.0.1"])
        async with opened_sender(WebhookConfig(policy=LOOPBACK), resolver=resolver) as sender:
            assert (await sender.send(a_message(receiver.url(host="receiver.example")))).is_success


async def test_http_to_a_public_address_needs_a_permission() -> None:
    """A network that is allowed for receivers inside does not allow http elsewhere."""
    network = CheckedNetwork(ScriptedResolver(["8.8.8.8"]), LOOPBACK, is_https=False)
    with pytest.raises(Rejected) as failure:
        await network.connect_tcp("receiver.example", 80)
    assert failure.value.code == "webhook_https_required"


async def test_a_socket_of_this_machine_is_never_opened() -> None:
    """Nothing asks for one."""
    network = CheckedNetwork(ScriptedResolver(["8.8.8.8"]), OPEN, is_https=True)
    with pytest.raises(httpcore.ConnectError):
        await network.connect_unix_socket("/var/run/docker.sock")
    await network.sleep(0)
    assert await network._addresses("1.1.1.1") == [ip_address("1.1.1.1")]
