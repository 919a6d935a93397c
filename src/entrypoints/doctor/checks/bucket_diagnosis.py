"""Interprets the bucket's responses, and states how to correct each problem."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta

import httpx

from entrypoints.doctor.report import Verdict, failed, ok, warning

MAX_SKEW = timedelta(minutes=5)
MAX_UNREPORTED_SKEW = timedelta(seconds=30)

CHECK_SIGNATURES = "Use a store that checks Signature Version 4 with every signed header, as R2, AWS S3 and MinIO do."
GRANT_PERMISSIONS = (
    "Give the key Object Read & Write on this bucket (R2 > Manage API tokens), and check TELECINE_S3_ENDPOINT_URL "
    "and TELECINE_S3_REGION (R2: auto)."
)

_S3_CODE = re.compile(r"<Code>(\w{1,64})</Code>")


def rejection_verdict(response: httpx.Response, request: str, remedy: str = CHECK_SIGNATURES) -> Verdict:
    """The verdict on a request that the bucket must reject: only a 4xx status passes."""
    if response.is_client_error:
        return ok(f"{request} is rejected ({describe_response(response)})")
    return failed(f"{request} got {describe_response(response)}", remedy)


def clock_verdict(skew: timedelta) -> Verdict:
    """The verdict on a clock difference; positive if the bucket's clock is ahead of this host's."""
    observation = (
        f"the bucket's clock is {abs(skew).total_seconds():.0f} s {'ahead of' if skew > timedelta() else 'behind'} "
        "this host's"
    )
    remedy = "Set this host's clock: timedatectl set-ntp true."
    if abs(skew) > MAX_SKEW:
        return failed(f"{observation}, so the bucket rejects signatures", remedy)
    return warning(observation, remedy) if abs(skew) > MAX_UNREPORTED_SKEW else ok(observation)


def missing_cors(preflight: httpx.Response, origin: str) -> str:
    """What the preflight response does not allow although a browser needs it; empty if nothing is missing."""
    headers = {name.lower(): value for name, value in preflight.headers.items()}
    allowed = {
        "origin": headers.get("access-control-allow-origin", ""),
        "method": headers.get("access-control-allow-methods", ""),
        "header": headers.get("access-control-allow-headers", ""),
    }
    if not preflight.is_success:
        return f"the preflight got {describe_response(preflight)}"
    required = {"origin": origin, "method": "PUT", "header": "content-type"}
    missing = [f"the {part} {required[part]}" for part in required if not _allows(allowed[part], required[part])]
    return f"not allowed: {', '.join(missing)}" if missing else ""


def cors_remedy(origins: Sequence[str]) -> str:
    """The CORS rule to add, and where to add it."""
    rule = {
        "AllowedOrigins": list(origins),
        "AllowedMethods": ["GET", "PUT"],
        "AllowedHeaders": ["content-type"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
    return f"Cloudflare dashboard > R2 > the bucket > Settings > CORS policy > Add: {json.dumps([rule])}"


def _allows(listed: str, required: str) -> bool:
    return bool({"*", required.lower()} & {value.strip().lower() for value in listed.split(",")})


def describe_response(response: httpx.Response) -> str:
    """The status and the S3 error code; not the URL, because it contains a signature."""
    code = _S3_CODE.search(response.text)
    return f"{response.status_code} {code[1]}" if code else str(response.status_code)
