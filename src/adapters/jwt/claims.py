"""The claims of a token: which are required, when they are valid, and which scopes they grant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from domain.model.access.principal import DEFAULT_SCOPES, Principal, Scope
from domain.model.errors import Unauthenticated
from domain.model.ids import UserId, user_id

_MAX_TIME_S = 2**53


class Claims(msgspec.Struct):
    """The subject, the period of validity and the scopes; times are in seconds since 1970."""

    sub: Any
    iat: int | float
    exp: int | float
    nbf: int | float = 0
    scope: str | list[str] | UnsetType = UNSET
    scp: str | list[str] | UnsetType = UNSET


def claims_of(payload: dict[str, Any]) -> Claims:
    """The claims that Telecine uses; others are ignored.

    Raises:
        Unauthenticated: `invalid_token`, a required claim is missing, or a claim has the wrong type.
    """
    try:
        claims = msgspec.convert(payload, Claims)
    except msgspec.ValidationError as error:
        raise invalid_token("A required claim of the token is missing, or a claim has the wrong type.") from error
    # Python's JSON parser accepts NaN and Infinity: no comparison with NaN is true, and Infinity never expires.
    if not all(abs(time_s) <= _MAX_TIME_S for time_s in (claims.iat, claims.exp, claims.nbf)):
        raise invalid_token("The token's times must be finite numbers of seconds since 1970.")
    return claims


def check_times(claims: Claims, *, now: datetime, leeway_s: float) -> None:
    """Check that the token is valid now; the issuer's clock may differ from ours by the leeway.

    Raises:
        Unauthenticated: `token_expired`, or `invalid_token` if it was issued, or becomes valid, in the future.
    """
    now_s = now.timestamp()
    if claims.exp <= now_s - leeway_s:
        raise Unauthenticated("The token has expired.", code="token_expired")
    if max(claims.iat, claims.nbf) > now_s + leeway_s:
        raise invalid_token("The token is not valid yet.")


def principal_of(claims: Claims, *, leeway_s: float) -> Principal:
    """The user that the token identifies, with its scopes, until the token is no longer accepted.

    Raises:
        Unauthenticated: `invalid_subject`, the subject is not a string, or not a valid user id.
    """
    return Principal(_subject_of(claims), _scopes_of(claims), _end_of(claims.exp + leeway_s))


def _end_of(moment_s: float) -> datetime:
    """The moment as a date; one after the year 9999 becomes the last that Python can represent."""
    try:
        return datetime.fromtimestamp(moment_s, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def _subject_of(claims: Claims) -> UserId:
    if not isinstance(claims.sub, str):
        raise Unauthenticated("The token's subject must be a string.", code="invalid_subject")
    return user_id(claims.sub)


def _scopes_of(claims: Claims) -> frozenset[Scope]:
    """The scopes of both claims together; a token without either claim has those for its own videos."""
    if claims.scope is UNSET and claims.scp is UNSET:
        return DEFAULT_SCOPES
    granted = {*_scope_names(claims.scope), *_scope_names(claims.scp)}
    return frozenset(scope for scope in Scope if scope in granted)


def _scope_names(claim: str | list[str] | UnsetType) -> list[str]:
    if isinstance(claim, str):
        return claim.split(" ")
    return [] if claim is UNSET else claim


def invalid_token(detail: str) -> Unauthenticated:
    """The error for a token that is malformed, or that was never valid here."""
    return Unauthenticated(detail, code="invalid_token")
