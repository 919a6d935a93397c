"""Presigned URLs of the folder: HMAC-SHA256 over everything that a request must not change."""

import hashlib
import hmac
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlencode

from domain.model.errors import Rejected
from domain.model.object_key import ObjectKey
from domain.ports.bucket_gateway import SignedRequest
from domain.ports.clock import Clock

_EXPIRES = "expires"
_SIGNATURE = "signature"
_PUT_PART = "PUT part"  # Not a method of any request.


@dataclass(frozen=True, slots=True)
class UrlSigner:
    """Creates and checks URLs under `{base_url}/bucket/`.

    The signature covers the method, the key and every query parameter; for a PUT also the length and, except for
    parts, the media type, both exactly as the client sends them.
    """

    base_url: str
    clock: Clock
    secret: bytes = field(repr=False)

    def put_url(
        self, key: ObjectKey, *, content_type: str, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> str:
        """A URL for one PUT of this type and length."""
        query = {_EXPIRES: _expiry(signed_at, expires_in_s)}
        return self._url(key, query, self._signature("PUT", key, query, content_type, size_bytes))

    def part_url(
        self, key: ObjectKey, part: Mapping[str, str], *, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> str:
        """A URL for one PUT of this length as the part that the parameters name."""
        query = {_EXPIRES: _expiry(signed_at, expires_in_s), **part}
        return self._url(key, query, self._signature(_PUT_PART, key, query, content_length=size_bytes))

    def get_url(
        self, key: ObjectKey, *, response_headers: Mapping[str, str], expires_in_s: int, signed_at: datetime
    ) -> str:
        """A URL for GET and HEAD that carries the headers of the response."""
        query = {_EXPIRES: _expiry(signed_at, expires_in_s), **response_headers}
        return self._url(key, query, self._signature("GET", key, query))

    def check_put(self, request: SignedRequest) -> None:
        """Check that the request was signed as a PUT and has not expired.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
        """
        signature = self._signature(
            request.method, request.key, _unsigned(request), request.content_type, request.content_length
        )
        self._check(request, signature, methods=("PUT",))

    def check_part(self, request: SignedRequest) -> None:
        """Check that the request was signed as the PUT of a part, with any media type, and has not expired.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
        """
        signature = self._signature(_PUT_PART, request.key, _unsigned(request), content_length=request.content_length)
        self._check(request, signature, methods=("PUT",))

    def check_get(self, request: SignedRequest) -> None:
        """Check that the GET or HEAD was signed as a GET and has not expired.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
        """
        self._check(request, self._signature("GET", request.key, _unsigned(request)), methods=("GET", "HEAD"))

    def _check(self, request: SignedRequest, expected: str, *, methods: tuple[str, ...]) -> None:
        actual = request.query.get(_SIGNATURE, "").encode(errors="replace")
        if not hmac.compare_digest(actual, expected.encode()) or request.method not in methods:
            raise Rejected(
                "The URL was not signed for this method, key, media type and length.", code="invalid_signature"
            )
        # The signature is valid, so the expiry is a number that this class has written.
        if self.clock.now().timestamp() >= int(request.query[_EXPIRES]):
            raise Rejected("The URL has expired; request a new one.", code="url_expired")

    def _signature(
        self,
        method: str,
        key: str,
        query: Mapping[str, str],
        content_type: str | None = None,
        content_length: int | None = None,
    ) -> str:
        # JSON separates the fields: no text in one can be read as the beginning of the next.
        covered = json.dumps([method, key, sorted(query.items()), content_type, content_length])
        return hmac.digest(self.secret, covered.encode(), hashlib.sha256).hex()

    def _url(self, key: ObjectKey, query: Mapping[str, str], signature: str) -> str:
        # Percent signs in a key are encoded as well, so that decoding gives the key.
        parameters = urlencode({**query, _SIGNATURE: signature}, quote_via=quote)
        return f"{self.base_url.rstrip('/')}/bucket/{quote(key)}?{parameters}"


def _expiry(signed_at: datetime, expires_in_s: int) -> str:
    return str(math.ceil(signed_at.timestamp()) + expires_in_s)


def _unsigned(request: SignedRequest) -> dict[str, str]:
    return {name: value for name, value in request.query.items() if name != _SIGNATURE}
