"""R2's checks of a signature, written from the specification alone and not from the code under test."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote

MAX_SKEW_S = 900
MAX_EXPIRY_S = 604_800


@dataclass(frozen=True)
class SignedCall:
    """A request as received; `path` and `query` are still encoded, header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


def refusal_of(call: SignedCall, keys: Mapping[str, str], now: datetime) -> tuple[int, str] | None:
    """Return status and error code of an invalid signature, or None for a valid one."""
    query = dict(parse_qsl(call.query, keep_blank_values=True))
    if "X-Amz-Signature" in query:
        return _refusal_of_query(call, query, keys, now)
    scheme, _, fields_text = call.headers.get("authorization", "").partition(" ")
    if scheme != "AWS4-HMAC-SHA256":
        return (403, "AccessDenied")
    fields = dict(field.strip().split("=", 1) for field in fields_text.split(","))
    timestamp = call.headers["x-amz-date"]
    if abs((now - _moment(timestamp)).total_seconds()) > MAX_SKEW_S:
        return (403, "RequestTimeTooSkewed")
    payload = call.headers["x-amz-content-sha256"]
    return _compare(call, keys, fields["Credential"], timestamp, fields["SignedHeaders"], fields["Signature"], payload)


def _refusal_of_query(
    call: SignedCall, query: Mapping[str, str], keys: Mapping[str, str], now: datetime
) -> tuple[int, str] | None:
    timestamp, expires_in_s = query["X-Amz-Date"], int(query["X-Amz-Expires"])
    if not 0 < expires_in_s <= MAX_EXPIRY_S:
        return (400, "AuthorizationQueryParametersError")
    if now > _moment(timestamp) + timedelta(seconds=expires_in_s):
        return (403, "AccessDenied")
    names, given = query["X-Amz-SignedHeaders"], query["X-Amz-Signature"]
    return _compare(call, keys, query["X-Amz-Credential"], timestamp, names, given, "UNSIGNED-PAYLOAD")


def _compare(
    call: SignedCall, keys: Mapping[str, str], credential: str, timestamp: str, names: str, given: str, payload: str
) -> tuple[int, str] | None:
    key_id, day, region, service, end = credential.split("/")
    if key_id not in keys:
        return (403, "InvalidAccessKeyId")
    headers = "".join(f"{name}:{' '.join(call.headers.get(name, '').split())}\n" for name in names.split(";"))
    canonical = "\n".join(
        (call.method, quote(unquote(call.path), safe="/~"), _canonical_query(call.query), headers, names, payload)
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{timestamp}\n{day}/{region}/{service}/{end}\n{digest}"
    key = f"AWS4{keys[key_id]}".encode()
    for step in (day, region, service, end, text):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return None if hmac.compare_digest(key.hex(), given) and day == timestamp[:8] else (403, "SignatureDoesNotMatch")


def _canonical_query(query: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    encoded = sorted((quote(unquote(name), safe="~"), quote(unquote(value), safe="~")) for name, _, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded if name != "X-Amz-Signature")


def _moment(timestamp: str) -> datetime:
    return datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
