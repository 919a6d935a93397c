"""URLs of webhooks have one meaning, or are rejected."""

from ipaddress import ip_network

import pytest

from domain.model.errors import Rejected
from domain.model.webhooks.addresses import AddressPolicy
from domain.model.webhooks.url import MAX_URL_LENGTH, webhook_url
from tests.support.webhooks import PRIVATE_HOSTS

POLICY = AddressPolicy()


def _code(text: str, policy: AddressPolicy = POLICY) -> str:
    with pytest.raises(Rejected) as failure:
        webhook_url(text, policy)
    return failure.value.code


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("https://receiver.example", "https://receiver.example/"),
        ("HTTPS://Receiver.Example:443/a?b=c#d", "https://receiver.example/a?b=c"),
        ("https://receiver.example.:8443/hook", "https://receiver.example:8443/hook"),
        ("https://bücher.example/ä?ü=ß", "https://xn--bcher-kva.example/%C3%A4?%C3%BC=%C3%9F"),
        ("https://\uff42ücher\u3002example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/%2e%2e/x", "https://xn--bcher-kva.example/%2e%2e/x"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:0:0::1111]:8443/", "https://[2606:4700::1111]:8443/"),
        ("https://under_score.example/", "https://under_score.example/"),
    ],
)
def test_a_url_is_stored_in_one_form(text: str, stored: str) -> None:
    """In ASCII, without a default port and a fragment; the stored form is stored unchanged."""
    assert webhook_url(text, POLICY).text == stored
    assert webhook_url(stored, POLICY).text == stored


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_no_spelling_of_a_private_address_is_accepted(host: str) -> None:
    """Either it is read as the address that it is, or it is no URL at all."""
    assert _code(f"https://{host}/") in {"invalid_webhook_url", "webhook_address_not_allowed"}


def test_there_are_enough_spellings() -> None:
    """The list is what is promised."""
    assert len(set(PRIVATE_HOSTS)) >= 60


@pytest.mark.parametrize(
    "text",
    [
        "",
        "receiver.example",
        "//receiver.example/",
        "ftp://receiver.example/",
        "file:///etc/passwd",
        "gopher://receiver.example/",
        "javascript:alert(1)",
    ],
)
def test_only_https_is_accepted(text: str) -> None:
    """Everything else is told to use it."""
    assert _code(text) == "webhook_https_required"


@pytest.mark.parametrize(
    "text",
    [
        "https://",
        "https:///x",
        "https://user@receiver.example/",
        "https://user:password@receiver.example/",
        "https://receiver.example@127.0.0.1/",
        "https://receiver.example\\@127.0.0.1/",
        "https://receiver.example:0/",
        "https://receiver.example:65536/",
        "https://receiver.example:x/",
        "https://receiver.example:/",
        "https://receiver.example /",
        "https://receiver.example/\n",
        "https://rec\teiver.example/",
        "https://receiver..example/",
        "https://.example/",
        "https://-receiver.example/",
        f"https://{'a' * 64}.example/",
        "https://" + "a." * 127 + "example/",
        "https://receiver%2eexample/",
        "https://faß.example/",
        "https://xn--a.\u0000/",
        "https://[::1]receiver.example/",
        "https://[::1",
        "https://[2606:4700::1111%25eth0]/",
        "https://[2606:4700::1111%eth0]/",
        "https://[receiver.example]/",
        "https://[v1.receiver]/",
        "https://receiver.example/" + "a" * MAX_URL_LENGTH,
        "https://receiver.example/" + "ä" * (MAX_URL_LENGTH // 2),
        "https://\ud800.example/",
        "https://a\u202e.example/",
    ],
)
def test_an_ambiguous_url_is_rejected(text: str) -> None:
    """Programs read these differently, or not at all."""
    assert _code(text) == "invalid_webhook_url"


@pytest.mark.parametrize("port", [1, 22, 25, 81, 445, 1023, 2375, 3306, 5432, 6379, 9200, 11211, 27017])
def test_a_port_of_another_service_is_rejected(port: int) -> None:
    """A database could read a request as commands."""
    assert _code(f"https://receiver.example:{port}/") == "webhook_port_not_allowed"


def test_the_operator_can_allow_http_and_networks() -> None:
    """An allowed network does not make http possible elsewhere."""
    inside = AddressPolicy(allowed_networks=(ip_network("127.0.0.0/8"),))
    assert webhook_url("http://127.0.0.1:8080/", inside).text == "http://127.0.0.1:8080/"
    assert webhook_url("http://receiver.example/", inside).port == 80
    assert webhook_url("http://8.8.8.8/", AddressPolicy(allow_http=True)).is_https is False
    assert _code("http://8.8.8.8/", inside) == "webhook_https_required"
    assert _code("http://receiver.example/") == "webhook_https_required"
