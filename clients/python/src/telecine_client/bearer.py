"""Bearer tokens: one that stays, or a function that returns the current one."""

from collections.abc import Callable, Generator

import httpx

from telecine_client.errors import InvalidArgument

Token = str | Callable[[], str]
"""A token, or a function that is called before each request, for tokens that expire."""


class BearerAuth(httpx.Auth):
    """Sets the `Authorization` of each request.

    Raises:
        InvalidArgument: `invalid_token`: the token cannot be sent in a header.
    """

    def __init__(self, token: Token) -> None:
        self._token = token
        if isinstance(token, str):
            _require_printable(token)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the header."""
        token = self._token if isinstance(self._token, str) else _require_printable(self._token())
        request.headers["Authorization"] = f"Bearer {token}"
        yield request


def _require_printable(token: str) -> str:
    if not (token.isascii() and token.isprintable()):
        raise InvalidArgument("A token must be printable ASCII.", code="invalid_token")
    return token
