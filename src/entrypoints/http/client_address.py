"""Whose address a request came from, seen through the proxies that are trusted to say so."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from entrypoints.config.networks import Networks

Address: TypeAlias = IPv4Address | IPv6Address

_HOST_BITS = 64


def client_network(peer: str, forwarded_for: Iterable[str], trusted: Networks) -> str:
    """What a limit for the client counts by: an IPv4 address, or the /64 that an IPv6 client has to itself.

    Only what a trusted proxy adds to the right of `X-Forwarded-For` is believed, since the client may have sent any
    beginning of it. A peer without an IP address, such as that of a Unix socket, counts by its own name.
    """
    try:
        address = _parsed(peer)
    except ValueError:
        return peer
    if _is_in(trusted, address):
        address = _forwarded(forwarded_for, trusted) or address
    if isinstance(address, IPv4Address):
        return str(address)
    return f"{IPv6Address(int(address) >> _HOST_BITS << _HOST_BITS)}/{_HOST_BITS}"


def _forwarded(forwarded_for: Iterable[str], trusted: Networks) -> Address | None:
    """The rightmost address that is not trusted, or the leftmost when all are; none where garbage stands before it."""
    address: Address | None = None
    for part in reversed(",".join(forwarded_for).split(",")):
        try:
            address = _parsed(part.strip())
        except ValueError:
            return None
        if not _is_in(trusted, address):
            return address
    return address


def _parsed(text: str) -> Address:
    """The address; IPv4 that is mapped into IPv6 is IPv4."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(trusted: Networks, address: Address) -> bool:
    return any(address in network for network in trusted)
