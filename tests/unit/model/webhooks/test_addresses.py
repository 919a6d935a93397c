"""Which addresses count as hosts on the Internet, and which receivers an operator allows."""

from ipaddress import ip_address, ip_network

import pytest

from domain.model.errors import Rejected
from domain.model.webhooks.addresses import AddressPolicy, is_global

NOT_GLOBAL = (
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.9",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:1ff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
    "1fff::1",
)
GLOBAL = (
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "2003::1",
)


@pytest.mark.parametrize("text", NOT_GLOBAL)
def test_special_addresses_are_not_global(text: str) -> None:
    """Those of the special-purpose registries, those that embed an IPv4 address, and those with a zone."""
    assert not is_global(ip_address(text))


@pytest.mark.parametrize("text", GLOBAL)
def test_ordinary_addresses_are_global(text: str) -> None:
    """Also the neighbours of special blocks."""
    assert is_global(ip_address(text))


def _code(policy: AddressPolicy, *addresses: str, is_https: bool = True) -> str | None:
    try:
        policy.check([ip_address(each) for each in addresses], is_https=is_https)
    except Rejected as error:
        return error.code
    return None


def test_one_address_that_is_not_global_rejects_a_host() -> None:
    """A name with a public and a private address could lead to either."""
    assert _code(AddressPolicy(), "8.8.8.8") is None
    assert _code(AddressPolicy(), "8.8.8.8", "10.0.0.1") == "webhook_address_not_allowed"


def test_http_needs_a_permission() -> None:
    """That of the operator for all receivers, or an allowed network."""
    inside = AddressPolicy(allowed_networks=(ip_network("10.0.0.0/8"), ip_network("fd00::/8")))
    assert _code(AddressPolicy(), "8.8.8.8", is_https=False) == "webhook_https_required"
    assert _code(AddressPolicy(allow_http=True), "8.8.8.8", is_https=False) is None
    assert _code(AddressPolicy(allow_http=True), "10.0.0.1", is_https=False) == "webhook_address_not_allowed"
    assert _code(inside, "10.0.0.1", "fd00::1", is_https=False) is None
    assert _code(inside, "10.0.0.1", "8.8.8.8", is_https=False) == "webhook_https_required"
    assert _code(inside, "192.168.0.1") == "webhook_address_not_allowed"
    assert [policy.may_use_http for policy in (AddressPolicy(), AddressPolicy(allow_http=True), inside)] == [
        False,
        True,
        True,
    ]
