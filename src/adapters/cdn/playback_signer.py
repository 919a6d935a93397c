"""URLs of a domain at Cloudflare in front of the bucket, such as a custom domain of R2.

Presigned URLs of R2 do not work on custom domains, so the domain is protected by Cloudflare's token authentication:
https://developers.cloudflare.com/waf/custom-rules/use-cases/configure-token-authentication/ and
https://developers.cloudflare.com/ruleset-engine/rules-language/functions/#hmac-validation
"""

import base64
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

from domain.model.object_key import ObjectKey
from domain.ports.playback_signer import PlaybackSigner

PARAMETER = "verify"


@dataclass(frozen=True, slots=True)
class CdnPlaybackSigner(PlaybackSigner):
    """Signs paths of the domain as `is_timed_hmac_valid_v0` checks them.

    The rule passes `http.request.uri` to the function, with 8 as the length of the separator `?verify=`. What follows
    is the Unix time of issue in ten digits, a dash, and the MAC: HMAC-SHA256 of the path and these ten digits, in
    base64 with padding, percent-encoded (the function's flag `s` is not set). The rule states the lifetime, in seconds
    after the time of issue.
    """

    base_url: str
    secret: bytes = field(repr=False)

    def presign_get(self, key: ObjectKey, *, content_type: str, expires_in_s: int, signed_at: datetime) -> str:
        # Cloudflare decodes unreserved characters before it checks the path, so only the others are encoded (RFC 3986).
        path = f"/{quote(key, safe='/~')}"
        issued_at = f"{int(signed_at.timestamp()):010d}"
        mac = base64.b64encode(hmac.digest(self.secret, f"{path}{issued_at}".encode(), sha256)).decode()
        return f"{self.base_url}{path}?{PARAMETER}={issued_at}-{quote(mac, safe='')}"
