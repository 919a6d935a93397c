"""Presigned URLs by Signature Version 4 in the query, implemented here because it runs often and must be fast.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html; the tests compare it with botocore.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

MAX_EXPIRY_S = 7 * 24 * 3600  # S3 and R2 reject more; the client library does not check it.

_ALGORITHM = "AWS4-HMAC-SHA256"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NO_HEADERS: Mapping[str, str] = {}


class QuerySigner:
    """Signs for one endpoint, region and key pair; the signing key is derived once per day."""

    def __init__(self, endpoint: str, *, region: str, access_key_id: str, secret_access_key: str) -> None:
        parts = urlsplit(endpoint)
        self._endpoint = f"{parts.scheme}://{parts.netloc}"
        self._path_prefix = parts.path.rstrip("/")
        port = parts.port
        is_default = port is None or port == _DEFAULT_PORTS.get(parts.scheme)
        self._host = parts.hostname or "" if is_default else f"{parts.hostname}:{port}"
        self._region = region
        self._access_key_id = quote(access_key_id, safe="")
        self._secret = f"AWS4{secret_access_key}".encode()
        self._day: tuple[str, str, bytes] = ("", "", b"")

    def sign(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        now: datetime,
        expires_in_s: int,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> str:
        """The URL for one request; `headers` has lower-case names without `host`, and the client must send them.

        The path begins with a slash and is not yet percent-encoded.
        """
        timestamp = now.strftime("%Y%m%dT%H%M%SZ")
        day, scope, day_key = self._day_of(timestamp[:8])
        signed = {**headers, "host": self._host} if headers else {"host": self._host}
        names = sorted(signed)
        encoded_path = quote(f"{self._path_prefix}{path}", safe="/~")
        parameters = [
            f"X-Amz-Algorithm={_ALGORITHM}",
            f"X-Amz-Credential={self._access_key_id}%2F{day}%2F{scope.replace('/', '%2F')}",
            f"X-Amz-Date={timestamp}",
            f"X-Amz-Expires={min(max(expires_in_s, 1), MAX_EXPIRY_S)}",
            f"X-Amz-SignedHeaders={'%3B'.join(names)}",
            *[f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in query.items()],
        ]
        parameters.sort()
        canonical_query = "&".join(parameters)
        canonical_headers = "".join([f"{name}:{single_spaced(signed[name])}\n" for name in names])
        canonical = (
            f"{method}\n{encoded_path}\n{canonical_query}\n{canonical_headers}\n{';'.join(names)}\nUNSIGNED-PAYLOAD"
        )
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"{_ALGORITHM}\n{timestamp}\n{day}/{scope}\n{digest}"
        signature = hmac.digest(day_key, to_sign.encode(), "sha256").hex()
        return f"{self._endpoint}{encoded_path}?{canonical_query}&X-Amz-Signature={signature}"

    def _day_of(self, day: str) -> tuple[str, str, bytes]:
        """The day, the rest of the credential's scope, and the signing key for both."""
        known = self._day  # Read once: another thread may replace it, and its three values belong together.
        if known[0] == day:
            return known
        key = self._secret
        for step in (day, self._region, "s3", "aws4_request"):
            key = hmac.digest(key, step.encode(), "sha256")
        self._day = (day, f"{self._region}/s3/aws4_request", key)
        return self._day


def single_spaced(value: str) -> str:
    """A header's value as it is signed: trimmed, and with single spaces."""
    return " ".join(value.split())
