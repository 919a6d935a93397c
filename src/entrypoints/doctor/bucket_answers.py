"""What the bucket's answers mean, and where to put right what is wrong."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta

import httpx

from entrypoints.doctor.finding import Verdict, failed, ok, warning

MAX_SKEW = timedelta(minutes=5)
NOTED_SKEW = timedelta(seconds=30)

CHECK_SIGNATURES = "Use a store that checks Signature Version 4 with every signed header, as R2, AWS S3 and MinIO do."
GIVE_RIGHTS = (
    "Give the key Object Read & Write on this bucket (R2 > Manage API tokens), and check TELECINE_S3_ENDPOINT_URL "
    "and TELECINE_S3_REGION (R2: auto)."
)

_S3_CODE = re.compile(r"<Code>(\w{1,64})</Code>")


def judged_refusal(answer: httpx.Response, what: str) -> Verdict:
    """Right is only a clear no."""
    if answer.is_client_error:
        return ok(f"{what} is refused ({said(answer)})")
    return failed(f"{what} got {said(answer)}", CHECK_SIGNATURES)


def judged_skew(skew: timedelta) -> Verdict:
    """How far the bucket's clock is ahead of ours."""
    seen = (
        f"the bucket's clock is {abs(skew).total_seconds():.0f} s {'ahead of' if skew > timedelta() else 'behind'} ours"
    )
    remedy = "Set this host's clock: timedatectl set-ntp true."
    if abs(skew) > MAX_SKEW:
        return failed(f"{seen}, and signatures are refused", remedy)
    return warning(seen, remedy) if abs(skew) > NOTED_SKEW else ok(seen)


def cors_gaps(preflight: httpx.Response, origin: str) -> str:
    """What a browser would miss in the answer to its question; empty when it would go on."""
    headers = {name.lower(): value for name, value in preflight.headers.items()}
    allowed = {
        "origin": headers.get("access-control-allow-origin", ""),
        "method": headers.get("access-control-allow-methods", ""),
        "header": headers.get("access-control-allow-headers", ""),
    }
    if not preflight.is_success:
        return f"the preflight got {said(preflight)}"
    wanted = {"origin": origin, "method": "PUT", "header": "content-type"}
    lacking = [f"the {part} {wanted[part]}" for part in wanted if not _allows(allowed[part], wanted[part])]
    return f"not allowed: {', '.join(lacking)}" if lacking else ""


def cors_remedy(origins: Sequence[str]) -> str:
    """Where to paste what."""
    rule = {
        "AllowedOrigins": list(origins),
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["content-type"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
    return f"Cloudflare dashboard > R2 > the bucket > Settings > CORS policy > Add: {json.dumps([rule])}"


def _allows(listed: str, wanted: str) -> bool:
    return bool({"*", wanted.lower()} & {word.strip().lower() for word in listed.split(",")})


def said(answer: httpx.Response) -> str:
    """The status, and S3's own code for the reason; nothing of the URL, which holds a signature."""
    code = _S3_CODE.search(answer.text)
    return f"{answer.status_code} {code[1]}" if code else str(answer.status_code)
