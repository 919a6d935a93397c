"""Parses the URL of a webhook endpoint into one unambiguous form."""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urlsplit

from domain.model.errors import Rejected
from domain.model.webhooks.addresses import AddressPolicy, IPAddress, https_required

MAX_URL_LENGTH = 2048
MAX_HOST_LENGTH = 253

_DEFAULT_PORTS = {"https": 443, "http": 80}
_FIRST_UNPRIVILEGED_PORT = 1024

# Ports of databases, brokers, control planes and other services without a strong protocol of their own, which could
# mistake a request for commands; and the ports above 1023 that browsers refuse (Fetch standard, "bad port").
_SERVICE_PORTS = frozenset(
    {1433, 1434, 1521, 1719, 1720, 1723, 1883, 2049, 2181, 2375, 2376, 2377, 2379, 2380, 3306, 3389, 3659, 4045, 4190}
    | {4222, 4369, 5060, 5061, 5432, 5433, 5671, 5672, 5900, 5984, 6000, 6379, 6380, 6432, 6443, 6566, 6665, 6666}
    | {6667, 6668, 6669, 6679, 6697, 7000, 7001, 7199, 7473, 7474, 7687, 8086, 8500, 8529, 8600, 9000, 9042, 9092}
    | {9093, 9160, 9200, 9300, 10080, 10250, 10255, 11211, 11300, 15672, 16379, 26257, 26379, 27017, 27018, 27019}
    | {28015, 28017, 50000, 61613, 61616}
)

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# The WHATWG URL standard: a host whose last label is numeric is an IPv4 address in some spelling.
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_BRACKETED = re.compile(r"\[(?P<address>[^\[\]]*)\](?::[0-9]+)?")
# Characters that IDNA 2003 and IDNA 2008 map to different names (UTS 46, "deviation").
_DEVIATIONS = frozenset("\u00df\u03c2\u200c\u200d\u1e9e")


@dataclass(frozen=True, slots=True)
class WebhookUrl:
    """The parts of a checked URL. `text` is the URL in ASCII, without userinfo, fragment and default port.

    `address` is set if the host is an IP address.
    """

    scheme: str
    host: str
    port: int
    target: str
    address: IPAddress | None = None

    @property
    def is_https(self) -> bool:
        """Whether requests to it are encrypted."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port, as in the header `Host`."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """The URL itself."""
        return f"{self.scheme}://{self.authority}{self.target}"


def webhook_url(text: str, policy: AddressPolicy) -> WebhookUrl:
    """Parse a URL, and check what can be checked without resolving its host.

    Raises:
        Rejected: `invalid_webhook_url`, `webhook_port_not_allowed`, `webhook_https_required` or
            `webhook_address_not_allowed`.
    """
    parts, port = _split(text)
    if parts.scheme not in _DEFAULT_PORTS:
        raise https_required()
    host, address = _host(parts.netloc.rpartition("@")[2])
    url = WebhookUrl(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], _target(parts), address)
    if len(url.text) > MAX_URL_LENGTH:
        raise _invalid(f"The URL must have at most {MAX_URL_LENGTH} characters.")
    _check_port(url.port)
    if not url.is_https and not policy.may_use_http:
        raise https_required()
    if address is not None:
        policy.check([address], is_https=url.is_https)
    return url


def _split(text: str) -> tuple[SplitResult, int | None]:
    # `urlsplit` itself drops newlines and tabs, and other programs read a backslash as a slash.
    if len(text) > MAX_URL_LENGTH or not text.isprintable() or set(text) & set(' \\"<>^`{|}'):
        raise _invalid(f"The URL must have 1 to {MAX_URL_LENGTH} characters, without spaces and control characters.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _invalid("The URL's host or port is malformed.") from error
    if "@" in parts.netloc:
        raise _invalid("The URL must not contain a user name or a password.")
    if port == 0 or parts.netloc.endswith(":"):
        raise _invalid("The URL's port must be from 1 to 65535.")
    return parts, port


def _host(netloc: str) -> tuple[str, IPAddress | None]:
    if (bracketed := _BRACKETED.fullmatch(netloc)) is not None:
        return _bracketed(bracketed["address"])
    name = _ascii(netloc.partition(":")[0])
    if _NUMERIC_LABEL.fullmatch(name.rpartition(".")[2]):
        return _dotted(name)
    if len(name) > MAX_HOST_LENGTH or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise _invalid("The URL's host is not a valid domain name.")
    return name, None


def _bracketed(literal: str) -> tuple[str, IPAddress]:
    try:
        address = IPv6Address(literal)
    except AddressValueError as error:
        raise _invalid("The URL's host is not a valid IPv6 address.") from error
    if address.scope_id is not None:
        raise _invalid("The URL's host must not contain a zone.")
    return str(address), address


def _dotted(name: str) -> tuple[str, IPAddress]:
    """An IPv4 address of four decimal numbers. Octal, hexadecimal and short forms are rejected: programs differ."""
    try:
        address = IPv4Address(name)
    except AddressValueError as error:
        raise _invalid("Write an IPv4 address as four decimal numbers without leading zeros.") from error
    return str(address), address


def _ascii(name: str) -> str:
    """The name in lower case and ASCII (IDNA), without the dot of the root."""
    if set(name.lower()) & _DEVIATIONS:
        raise _invalid("Write this domain name in its ASCII form, xn--….")
    folded = unicodedata.normalize("NFKC", name).lower()
    try:
        return folded.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError as error:
        raise _invalid("The URL's host is not a valid domain name.") from error


def _target(parts: SplitResult) -> str:
    """Path and query with every character outside of ASCII percent-encoded; the fragment is dropped."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def _check_port(port: int) -> None:
    is_privileged = port < _FIRST_UNPRIVILEGED_PORT and port not in _DEFAULT_PORTS.values()
    if is_privileged or port in _SERVICE_PORTS:
        raise Rejected(
            f"Port {port} belongs to another kind of service; use 443, or a port from 1024 that is free for HTTP.",
            code="webhook_port_not_allowed",
        )


def _invalid(detail: str) -> Rejected:
    return Rejected(detail, code="invalid_webhook_url")
