"""The sign-in of the page on the machine of the server: a token without a secret, for loopback clients only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, cast

import msgspec
from litestar import Request, post
from litestar.response import Response

from domain.model.access.principal import Scope
from domain.model.errors import Rejected
from domain.model.ids import UserId
from entrypoints.http.dependencies import UseCases

LOCAL_USER = UserId("local")
TOKEN_LIFETIME_S = 12 * 3600  # The page asks again, so a short lifetime costs nothing.

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


class LocalSession(msgspec.Struct, frozen=True):
    """The token of the user `local`."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request says about its sender; each header as all its values."""

    peer: str
    port: int | None
    scheme: str
    http_version: str
    host: Sequence[str]
    origin: Sequence[str]
    fetch_site: Sequence[str]
    forwarding: Sequence[str]


def refusal(caller: Caller) -> str | None:
    """Why the caller is not a page or a program on this machine; None if it is one.

    - The connection comes from a loopback address, and no proxy has forwarded the request.
    - `Host` is a loopback name with the server's port: a name that an attacker resolves to 127.0.0.1 is refused.
    - A browser sends the request for a page of this origin, not for a page of another origin or another port.
    """
    if not _is_loopback(caller.peer):
        return "The request does not come from this machine."
    if caller.forwarding or caller.http_version == "1.0":
        # By default many versions of nginx add no header, and replace `Host` by ours, but speak HTTP/1.0.
        return "The request was forwarded by a proxy."
    hosts = [f"{name}:{caller.port}" for name in _LOOPBACK_NAMES]
    if caller.port == _DEFAULT_PORTS.get(caller.scheme):
        hosts += _LOOPBACK_NAMES  # Browsers leave the default port out.
    if len(caller.host) != 1 or caller.host[0].lower() not in hosts:
        return "The request names another host than this machine."
    if caller.fetch_site not in ([], ["same-origin"]):
        return "The request was sent by a page of another origin."
    if caller.origin not in ([], [f"{caller.scheme}://{caller.host[0]}"]):
        return "The request was sent by a page of another origin."
    return None


@post("/session/local", status_code=200, include_in_schema=False)
async def sign_in_locally(request: Request[Any, Any, Any], application: UseCases) -> Response[LocalSession]:
    """Issue a token for the user `local` to a caller on this machine.

    Raises:
        Rejected: `local_sign_in_refused`.
    """
    off = None if application.page.signs_in_locally else "This server does not sign in without a token."
    reason = off or refusal(_caller(request))
    if reason is not None:
        raise Rejected(
            f"{reason} Sign in with a token; `telecine token --user NAME` prints one.", code="local_sign_in_refused"
        )
    token = application.tokens.issue(LOCAL_USER, lifetime_s=TOKEN_LIFETIME_S, scopes=frozenset(Scope))
    expires_at = cast("datetime", (await application.tokens.verify(token)).expires_at)
    return Response(LocalSession(token, expires_at), headers={"Cache-Control": "no-store"})


def _caller(request: Request[Any, Any, Any]) -> Caller:
    headers, server = request.headers, request.scope["server"]
    return Caller(
        peer=request.client.host if request.client else "",
        port=server[1] if server else None,
        scheme=request.scope["scheme"],
        http_version=request.scope["http_version"],
        host=headers.getall("host", []),
        origin=headers.getall("origin", []),
        fetch_site=headers.getall("sec-fetch-site", []),
        forwarding=[name for name in _FORWARDING if name in headers],
    )


def _is_loopback(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
