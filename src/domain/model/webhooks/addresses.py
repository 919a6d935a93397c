"""Which addresses a webhook may be sent to."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from domain.model.errors import Rejected

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# Blocks of IANA's special-purpose registries, of RFC 5771 (multicast) and of RFC 1112 (reserved), listed here because
# `is_global` of Python's `ipaddress` differs between versions and accepts some of them.
_SPECIAL_IPV4 = (
    "0.0.0.0/8",  # this network
    "10.0.0.0/8",  # private
    "100.64.0.0/10",  # carrier-grade NAT, with Alibaba's metadata service
    "127.0.0.0/8",  # loopback
    "168.63.129.16/32",  # Azure's platform service, on an address that is otherwise public
    "169.254.0.0/16",  # link-local, with the metadata services of most clouds
    "172.16.0.0/12",  # private
    "192.0.0.0/24",  # protocol assignments, with Oracle's metadata service
    "192.0.2.0/24",  # documentation
    "192.31.196.0/24",  # AS112
    "192.52.193.0/24",  # automatic multicast tunnels
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",  # private
    "192.175.48.0/24",  # AS112
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, with the broadcast address
)

# Only 2000::/3 is assigned as global unicast. Loopback, IPv4-mapped and IPv4-compatible addresses, NAT64
# (64:ff9b::/96, 64:ff9b:1::/48), unique local, link-local, site-local and multicast addresses are outside of it.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_SPECIAL_IPV6 = (
    "2001::/23",  # protocol assignments, with Teredo and ORCHID
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4, which embeds an IPv4 address
    "2620:4f:8000::/48",  # AS112
    "3fff::/20",  # documentation
)

_SPECIAL: tuple[IPNetwork, ...] = tuple(ip_network(text) for text in (*_SPECIAL_IPV4, *_SPECIAL_IPV6))


def is_global(address: IPAddress) -> bool:
    """Whether the address is an ordinary host on the Internet.

    An IPv6 address that embeds an IPv4 address is never one, whatever it embeds.
    """
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address not in _GLOBAL_IPV6):
        return False
    return not any(address in network for network in _SPECIAL)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Which receivers the operator allows: `allowed_networks` are exempt from both rules, https and global addresses.

    With `allow_http`, http is also allowed to global addresses.
    """

    allow_http: bool = False
    allowed_networks: tuple[IPNetwork, ...] = ()

    def check(self, addresses: list[IPAddress], *, is_https: bool) -> None:
        """Check every address that a host has: one that is not allowed rejects the host.

        Raises:
            Rejected: `webhook_address_not_allowed` or `webhook_https_required`.
        """
        for address in addresses:
            if self._is_inside(address):
                continue
            if not is_global(address):
                raise Rejected(
                    "The URL's host has an address that is not on the public Internet.",
                    code="webhook_address_not_allowed",
                )
            if not is_https and not self.allow_http:
                raise https_required()

    @property
    def may_use_http(self) -> bool:
        """Whether http is possible at all; the addresses decide for each host."""
        return self.allow_http or bool(self.allowed_networks)

    def _is_inside(self, address: IPAddress) -> bool:
        return any(address in network for network in self.allowed_networks)


def https_required() -> Rejected:
    """The error for an http URL where only https is allowed."""
    return Rejected("The URL of a webhook must begin with https://.", code="webhook_https_required")
