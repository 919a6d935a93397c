"""Token authorities under test, each with a clock that the test may move."""

from collections.abc import Callable

from adapters.fakes.token_authority import FakeTokenAuthority
from adapters.jwt.token_authority import HS256TokenAuthority
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority

SECRET = b"0123456789abcdef0123456789abcdef"

MAKERS: dict[str, Callable[[Clock], TokenAuthority]] = {
    "fake": FakeTokenAuthority,
    "hs256": lambda clock: HS256TokenAuthority(SECRET, clock),
    "hs256-audience-issuer": lambda clock: HS256TokenAuthority(SECRET, clock, audience="telecine", issuer="idp"),
}
