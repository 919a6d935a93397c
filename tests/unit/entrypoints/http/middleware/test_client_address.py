from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrypoints.config.networks import networks
from entrypoints.http.middleware.client_address import client_network

PROXIES = networks("10.0.0.0/8, fd00::/8,192.0.2.1/32")


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_a_peer_is_its_address_or_its_slash_64(peer: str, network: str) -> None:
    """An IPv6 client usually has a /64; IPv4 may be mapped into IPv6; a Unix socket has no address."""
    assert client_network(peer, [], ()) == network


@pytest.mark.parametrize("peer", ["198.51.100.7", "10.0.0.1", "127.0.0.1"])
def test_the_header_of_an_untrusted_peer_is_ignored(peer: str) -> None:
    """Without trusted proxies the client itself may have written the header."""
    assert client_network(peer, ["203.0.113.9"], ()) == peer


@pytest.mark.parametrize(
    ("lines", "network"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        (["1.1.1.1, 203.0.113.9, 10.9.9.9"], "203.0.113.9"),
        (["1.1.1.1", "203.0.113.9 ,10.9.9.9", "fd00::1"], "203.0.113.9"),
        (["1.1.1.1, ::ffff:203.0.113.9, ::ffff:10.9.9.9"], "203.0.113.9"),
        (["garbage, 203.0.113.9"], "203.0.113.9"),
        (["2001:db8:1:2:3::4"], "2001:db8:1:2::/64"),
        (["10.3.3.3, 10.4.4.4"], "10.3.3.3"),
    ],
)
def test_the_rightmost_untrusted_address_is_the_client(lines: list[str], network: str) -> None:
    """Each proxy appends the address of its own client; what is left of that may come from the client."""
    assert client_network("10.0.0.1", lines, PROXIES) == network


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        [","],
        ["unknown"],
        ["203.0.113.9,"],
        ["203.0.113.9, garbage"],
        ["203.0.113.9, garbage, 10.9.9.9"],
        ["203.0.113.9:4711"],
        ["203.0.113.256"],
        ["0203.0.113.9"],
        ["\x00"],
        ["x" * 60_000],
    ],
)
def test_with_a_malformed_header_the_proxy_is_the_client(lines: list[str]) -> None:
    """The limit then applies to the proxy, which did not pass on an address."""
    assert client_network("10.0.0.1", lines, PROXIES) == "10.0.0.1"


def test_a_proxy_with_a_mapped_address_is_trusted() -> None:
    """A server that listens on IPv6 sees the address of an IPv4 proxy like this."""
    assert client_network("::ffff:192.0.2.1", ["203.0.113.9"], PROXIES) == "203.0.113.9"


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_of_a_slash_64_counts_as_one(address: IPv6Address, host: int) -> None:
    """A client with a /64 can use every address in it."""
    neighbour = IPv6Address(int(address) >> 64 << 64 | host)
    if address.ipv4_mapped is None and neighbour.ipv4_mapped is None:
        assert client_network(str(address), [], ()) == client_network(str(neighbour), [], ())
