"""The claims that every token must carry, when they hold, and what they allow."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from domain.model.errors import Unauthenticated
from domain.model.identity import EVERY_SCOPE, Principal, Scope, UserId, user_id

_LAST_MOMENT = 2**53


class Claims(msgspec.Struct):
    """Who the token speaks for, from when to when, and for what; times are seconds since 1970."""

    sub: Any
    iat: int | float
    exp: int | float
    nbf: int | float = 0
    scope: str | list[str] | UnsetType = UNSET
    scp: str | list[str] | UnsetType = UNSET


def claims_of(payload: dict[str, Any]) -> Claims:
    """The claims that we use.

    Raises:
        Unauthenticated: `invalid_token`, one is missing, or not of the shape it must have.
    """
    try:
        claims = msgspec.convert(payload, Claims)
    except msgspec.ValidationError as error:
        raise invalid_token("The token's claims are not what they must be.") from error
    # Python's JSON also knows NaN and Infinity; the first compares to nothing, the second never expires.
    if not all(abs(moment) <= _LAST_MOMENT for moment in (claims.iat, claims.exp, claims.nbf)):
        raise invalid_token("The token's times are not moments.")
    return claims


def check_times(claims: Claims, *, now: datetime, leeway_s: float) -> None:
    """Pass while the token lives; clocks may differ by the leeway.

    Raises:
        Unauthenticated: `token_expired`, or `invalid_token` for one from the future.
    """
    now_s = now.timestamp()
    if claims.exp <= now_s - leeway_s:
        raise Unauthenticated("The token has expired.", code="token_expired")
    if max(claims.iat, claims.nbf) > now_s + leeway_s:
        raise invalid_token("The token is not valid yet.")


def principal_of(claims: Claims) -> Principal:
    """Who the token speaks for, and what it lets them do.

    Raises:
        Unauthenticated: `invalid_subject`.
    """
    return Principal(_subject_of(claims), _scopes_of(claims))


def _subject_of(claims: Claims) -> UserId:
    if not isinstance(claims.sub, str):
        raise Unauthenticated("The token's subject must be text.", code="invalid_subject")
    return user_id(claims.sub)


def _scopes_of(claims: Claims) -> frozenset[Scope]:
    """What either claim names; a token of before there were scopes has neither, and is good for everything."""
    if claims.scope is UNSET and claims.scp is UNSET:
        return EVERY_SCOPE
    named = {*_words(claims.scope), *_words(claims.scp)}
    return frozenset(scope for scope in Scope if scope in named)


def _words(claim: str | list[str] | UnsetType) -> list[str]:
    if isinstance(claim, str):
        return claim.split(" ")
    return [] if claim is UNSET else claim


def invalid_token(detail: str) -> Unauthenticated:
    """A token that was never good."""
    return Unauthenticated(detail, code="invalid_token")
