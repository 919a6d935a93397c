"""The address of the client, which trusted proxies pass on in `X-Forwarded-For`.

uvicorn's `ProxyHeadersMiddleware` is not used: it does not recognise an IPv4 proxy on a socket that listens on IPv6,
where the proxy's address is mapped into IPv6, and it accepts any text in the header as an address.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

from entrypoints.config.networks import Networks

Address: TypeAlias = IPv4Address | IPv6Address

_HOST_BITS = 64


def client_network(peer: str, forwarded_for: Iterable[str], trusted: Networks) -> str:
    """The key of a client's rate limit: its IPv4 address, or the /64 network of its IPv6 address.

    A /64, because one IPv6 client can usually use every address in it. `X-Forwarded-For` is read from the right, where
    trusted proxies append to it, up to the first untrusted address, because the client may have sent the rest. A peer
    without an IP address, such as a Unix socket, is its own key.
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
    """The rightmost untrusted address, or the leftmost if all are trusted; None if a malformed entry comes first."""
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
    """The address; an IPv4 address that is mapped into IPv6 is returned as IPv4."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(trusted: Networks, address: Address) -> bool:
    return any(address in network for network in trusted)
