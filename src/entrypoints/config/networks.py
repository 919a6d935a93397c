"""Parses IP networks in CIDR notation."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]


def networks(text: str) -> Networks:
    """Parse a comma-separated list of networks.

    Raises:
        ValueError: one of them is not a network, or has bits set after its prefix.
    """
    return tuple(ip_network(part.strip()) for part in text.split(","))
