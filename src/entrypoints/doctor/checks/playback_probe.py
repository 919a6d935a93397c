"""Tests what players use: the bucket's public endpoint, its CORS policy for GET, and the CDN in front of it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus

from domain.model.object_key import ObjectKey
from domain.model.videos.playback_lifetime import PlaybackLifetime
from domain.ports.playback_signer import PlaybackSigner
from entrypoints.doctor.checks.bucket_diagnosis import cors_remedy, describe_response, rejection_verdict
from entrypoints.doctor.checks.bucket_probe import BODY, CONTENT_TYPE, LIFETIME_S, BucketProbe
from entrypoints.doctor.report import Check, Verdict, failed, ok, warning

CHECK_PUBLIC_ENDPOINT = (
    "Make TELECINE_S3_PUBLIC_ENDPOINT_URL reach the service of TELECINE_S3_ENDPOINT_URL; a proxy between them must "
    "forward path, query and Host header unchanged, because the signature covers them."
)


@dataclass(frozen=True)
class PlaybackProbe:
    """The checks of playback; `cdn` is None if players use the bucket itself."""

    bucket: BucketProbe
    lifetime: PlaybackLifetime
    has_public_endpoint: bool
    cdn: PlaybackSigner | None

    def checks(self) -> list[Check]:
        """The checks of what is configured."""
        public = [Check("bucket public URL", self.check_public_endpoint, CHECK_PUBLIC_ENDPOINT)]
        cors = Check("bucket GET, CORS", self.check_cors, cors_remedy(self.bucket.origins))
        return [*(public if self.has_public_endpoint else []), cors, *self._cdn_checks()]

    async def check_public_endpoint(self) -> Verdict:
        """Check that a URL of the public endpoint serves what was stored through the other one."""
        key = self.bucket.key("public")
        await self.bucket.store(key)
        response = await self.bucket.request("GET", self._url(self.bucket.objects, key, LIFETIME_S))
        if response.status_code != HTTPStatus.OK or response.content != BODY:
            return failed(f"a presigned GET got {describe_response(response)}", CHECK_PUBLIC_ENDPOINT)
        return ok("a presigned GET serves an object that was stored through the server's own endpoint")

    async def check_cors(self) -> Verdict:
        """Check that pages may read videos, which a player needs for captions of another origin."""
        key = self.bucket.key("cors-get")
        await self.bucket.store(key)
        url = self._url(self.cdn or self.bucket.objects, key, self.lifetime.signed_s)
        for origin in self.bucket.origins:
            response = await self.bucket.request("GET", url, headers={"Origin": origin})
            if response.headers.get("Access-Control-Allow-Origin") not in {"*", origin}:
                return warning(
                    f"pages of {origin} can play videos, but not with captions: a GET is not allowed",
                    cors_remedy(self.bucket.origins),
                )
        return ok(f"pages of {', '.join(self.bucket.origins)} may GET")

    async def check_cdn(self, cdn: PlaybackSigner) -> Verdict:
        """Check that the CDN serves an object by a signed URL, until the last second of its lifetime."""
        key = self.bucket.key("cdn")
        await self.bucket.store(key)
        for age_s in (0, self.lifetime.signed_s - LIFETIME_S):
            response = await self.bucket.request("GET", self._url(cdn, key, self.lifetime.signed_s, age_s=age_s))
            if response.status_code != HTTPStatus.OK or response.content != BODY:
                return failed(f"a URL signed {age_s} s ago got {describe_response(response)}", self._cdn_remedy)
        return ok(f"signed URLs are served for {self.lifetime.signed_s} s")

    async def check_cdn_without_token(self, cdn: PlaybackSigner) -> Verdict:
        """Check that the CDN serves nothing without a token; otherwise, every video would be public."""
        key = self.bucket.key("cdn-open")
        await self.bucket.store(key)
        url = self._url(cdn, key, self.lifetime.signed_s).partition("?")[0]
        return rejection_verdict(await self.bucket.request("GET", url), "a URL without a token", self._cdn_remedy)

    async def check_cdn_expiry(self, cdn: PlaybackSigner) -> Verdict:
        """Check that a URL expires at the CDN when the API says so."""
        key = self.bucket.key("cdn-expired")
        await self.bucket.store(key)
        url = self._url(cdn, key, self.lifetime.signed_s, age_s=self.lifetime.signed_s + LIFETIME_S)
        return rejection_verdict(await self.bucket.request("GET", url), "an expired URL", self._cdn_remedy)

    def _cdn_checks(self) -> list[Check]:
        if self.cdn is None:
            return []
        return [
            Check("CDN", partial(self.check_cdn, self.cdn), self._cdn_remedy),
            Check("CDN, no token", partial(self.check_cdn_without_token, self.cdn), self._cdn_remedy),
            Check("CDN, expired", partial(self.check_cdn_expiry, self.cdn), self._cdn_remedy),
        ]

    @property
    def _cdn_remedy(self) -> str:
        return (
            "Compare host, secret and lifetime of the CDN's rule or Worker with docs/deploy.md: TELECINE_CDN_URL, "
            f"TELECINE_CDN_SECRET and {self.lifetime.signed_s} seconds."
        )

    def _url(self, signer: PlaybackSigner, key: ObjectKey, expires_in_s: int, *, age_s: int = 0) -> str:
        signed_at = self.bucket.clock.now() - timedelta(seconds=age_s)
        return signer.presign_get(key, content_type=CONTENT_TYPE, expires_in_s=expires_in_s, signed_at=signed_at)
