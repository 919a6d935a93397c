"""Tests the bucket the way clients use it: with presigned URLs over HTTP, under a separate prefix."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx

from domain.model.errors import ObjectNotFound, Unavailable
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.videos.content_disposition import attachment
from domain.ports.clock import Clock
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore, PresignedUpload
from entrypoints.doctor.checks.bucket_diagnosis import (
    CHECK_SIGNATURES,
    GRANT_PERMISSIONS,
    clock_verdict,
    cors_remedy,
    describe_response,
    missing_cors,
    rejection_verdict,
)
from entrypoints.doctor.report import Check, Verdict, failed, ok, warning

BODY = b"Telecine's doctor was here.\n"
CONTENT_TYPE = "video/mp4"
OTHER_TYPE = "text/html"
LIFETIME_S = 300
ALL_PREFIX = "doctor/"
LONG_AGO = timedelta(hours=1)

_DISPOSITION = attachment("telecine-doctor.mp4")
_RANGE = (9, 13)


@dataclass(frozen=True)
class BucketProbe:
    """The checks of a bucket. Each creates its own object, so that each is independent; `origins` are for CORS."""

    objects: ObjectStore
    multipart: MultipartStore | None
    http: httpx.AsyncClient
    clock: Clock
    prefix: str
    origins: tuple[str, ...]

    def checks(self) -> list[Check]:
        """All checks, ordered so that an earlier failure explains later ones."""
        return [
            Check("bucket", self.check_access, GRANT_PERMISSIONS),
            Check("bucket clock", self.check_clock, "Make the bucket's endpoint reachable from this host."),
            Check("bucket PUT", self.check_put, GRANT_PERMISSIONS),
            Check("bucket PUT, length", self.check_length, CHECK_SIGNATURES),
            Check("bucket PUT, type", self.check_type, CHECK_SIGNATURES),
            Check("bucket PUT, expired", self.check_expiry, CHECK_SIGNATURES),
            Check("bucket GET, range", self.check_range, GRANT_PERMISSIONS),
            *self._multipart_checks(),
            Check("bucket CORS", self.check_cors, cors_remedy(self.origins)),
            Check("bucket delete", self.check_delete, GRANT_PERMISSIONS),
            Check("bucket leftovers", self.check_leftovers, GRANT_PERMISSIONS),
        ]

    async def check_access(self) -> Verdict:
        """Check that the bucket exists and accepts the key."""
        await self.objects.check()
        return ok("exists, and accepts the key")

    async def check_clock(self) -> Verdict:
        """Check the clock difference: the bucket rejects signatures whose time differs too much from its own."""
        url = self.objects.presign_get(
            self.key("clock"), content_type=CONTENT_TYPE, expires_in_s=LIFETIME_S, signed_at=self.clock.now()
        )
        date = (await self.request("GET", url)).headers.get("Date")
        if date is None:
            return ok("not compared: the bucket sends no Date header")
        return clock_verdict(parsedate_to_datetime(date) - self.clock.now())

    async def check_put(self) -> Verdict:
        """Check a PUT as a client does it with `upload_url`."""
        key = self.key("put")
        response = await self._put(key, BODY)
        if not response.is_success:
            return failed(f"a presigned PUT got {describe_response(response)}", GRANT_PERMISSIONS)
        stored = await self.objects.head(key)
        if stored.size_bytes != len(BODY):
            return failed(f"{len(BODY)} bytes were sent, but {stored.size_bytes} are stored", CHECK_SIGNATURES)
        return ok(f"a presigned PUT got {response.status_code}, and the object is stored")

    async def check_length(self) -> Verdict:
        """Check that a URL accepts only the signed size; otherwise, any client could fill the bucket."""
        response = await self._put(self.key("length"), BODY + b"and more", signed_bytes=len(BODY))
        return rejection_verdict(response, "a body with another length than signed")

    async def check_type(self) -> Verdict:
        """Check that a URL accepts only the signed type; otherwise, an HTML page could be stored as a video."""
        response = await self._put(self.key("type"), BODY, content_type=OTHER_TYPE)
        return rejection_verdict(response, "another Content-Type than signed")

    async def check_expiry(self) -> Verdict:
        """Check that a URL expires, so that a leaked one becomes useless."""
        response = await self._put(self.key("expired"), BODY, signed_at=self.clock.now() - LONG_AGO)
        return rejection_verdict(response, "an expired URL")

    async def check_range(self) -> Verdict:
        """Check range requests, with which players seek in a video."""
        key = self.key("range")
        await self.store(key)
        url = self.objects.presign_get(
            key,
            content_type=CONTENT_TYPE,
            expires_in_s=LIFETIME_S,
            signed_at=self.clock.now(),
            disposition=_DISPOSITION,
        )
        first, end = _RANGE
        response = await self.request("GET", url, headers={"Range": f"bytes={first}-{end - 1}"})
        if response.status_code != HTTPStatus.PARTIAL_CONTENT or response.content != BODY[first:end]:
            return failed(
                f"a GET of a range got {describe_response(response)}", "Use a store that supports ranges (RFC 9110)."
            )
        if response.headers.get("Content-Type") != CONTENT_TYPE:
            return warning(
                f"the response has the type {response.headers.get('Content-Type')}, not the signed one",
                "Use a store that supports response-content-type; players may reject videos of another type.",
            )
        if response.headers.get("Content-Disposition") != _DISPOSITION:
            return warning(
                "the response does not have the signed Content-Disposition",
                "Use a store that supports response-content-disposition; kept originals download without their names.",
            )
        return ok("a presigned GET of a range got 206 and the right bytes")

    async def check_multipart(self, multipart: MultipartStore) -> Verdict:
        """Check one complete multipart upload, and one that is aborted."""
        key, aborted = self.key("multipart"), self.key("aborted")
        upload_id = await multipart.create(key, content_type=CONTENT_TYPE, part_bytes=MIN_PART_BYTES)
        now = self.clock.now()
        part = multipart.presign_part(key, upload_id, 1, size_bytes=len(BODY), expires_in_s=LIFETIME_S, signed_at=now)
        response = await self.request("PUT", part.url, headers=part.headers, content=BODY)
        if not response.is_success:
            return failed(f"the PUT of a part got {describe_response(response)}", GRANT_PERMISSIONS)
        stored = await multipart.complete(key, upload_id, await multipart.list_parts(key, upload_id))
        aborted_id = await multipart.create(aborted, content_type=CONTENT_TYPE, part_bytes=MIN_PART_BYTES)
        await multipart.abort(aborted, aborted_id)
        if stored.size_bytes != len(BODY):
            return failed(
                f"the completed object has {stored.size_bytes} bytes instead of {len(BODY)}", "Use another store."
            )
        return ok("create, presigned part, list, complete and abort work")

    async def check_cors(self) -> Verdict:
        """Check that the bucket's CORS policy lets pages of each origin upload."""
        exposed: list[bool] = []
        for number, origin in enumerate(self.origins):
            grant = self._signed_put(self.key(f"cors{number}"), len(BODY), self.clock.now())
            preflight_headers = {
                "Access-Control-Request-Method": "PUT",
                "Access-Control-Request-Headers": "content-type",
            }
            preflight = await self.request("OPTIONS", grant.url, headers={"Origin": origin, **preflight_headers})
            if missing := missing_cors(preflight, origin):
                return failed(f"pages of {origin} cannot upload: {missing}", cors_remedy(self.origins))
            put = await self.request("PUT", grant.url, headers={"Origin": origin, **grant.headers}, content=BODY)
            if put.headers.get("Access-Control-Allow-Origin") not in {"*", origin}:
                return failed(f"pages of {origin} cannot read the response to their PUT", cors_remedy(self.origins))
            exposed.append("etag" in put.headers.get("Access-Control-Expose-Headers", "").lower())
        etag = f"ETag is {'' if all(exposed) else 'not '}exposed (Telecine does not need it)"
        return ok(f"pages of {', '.join(self.origins)} may PUT; {etag}")

    async def check_delete(self) -> Verdict:
        """Check that a deleted object is gone at once."""
        key = self.key("delete")
        await self.store(key)
        await self.objects.delete(key)
        try:
            await self.objects.head(key)
        except ObjectNotFound:
            return ok("a deleted object is gone")
        return failed(
            "an object still exists after its deletion",
            "Disable versioning, retention and bucket locks (R2 > the bucket > Settings > Bucket lock rules).",
        )

    async def check_leftovers(self) -> Verdict:
        """Check for objects left by earlier runs that were killed; a lifecycle rule would have removed them."""
        leftovers = [key for key in await self.objects.list_keys(ALL_PREFIX) if not key.startswith(self.prefix)]
        if leftovers:
            return warning(
                f"objects left by earlier runs under {ALL_PREFIX}: {len(leftovers)}",
                f"Delete them, and add a lifecycle rule that deletes objects under {ALL_PREFIX} after 1 day "
                "(R2 > the bucket > Settings > Object lifecycle rules).",
            )
        return ok(f"no objects of earlier runs under {ALL_PREFIX}")

    async def clean_up(self) -> None:
        """Remove every object and multipart upload that the checks created.

        Raises:
            Unavailable: the bucket did not respond.
        """
        for key in await self.objects.list_keys(self.prefix):
            await self.objects.delete(key)
        if self.multipart is not None:
            for upload in await self.multipart.list_uploads(self.prefix):
                await self.multipart.abort(upload.key, upload.upload_id)

    def _multipart_checks(self) -> list[Check]:
        if self.multipart is None:
            return []
        return [Check("bucket multipart", partial(self.check_multipart, self.multipart), GRANT_PERMISSIONS)]

    def key(self, name: str) -> ObjectKey:
        """The key of the object of one check."""
        return ObjectKey(f"{self.prefix}{name}.mp4")

    async def store(self, key: ObjectKey) -> None:
        """Store the test object under this key, as a worker stores a rendition."""
        with tempfile.NamedTemporaryFile() as source:
            source.write(BODY)
            source.flush()
            await self.objects.upload(
                Path(source.name), key, content_type=CONTENT_TYPE, on_progress=lambda _percent: None
            )

    async def _put(
        self,
        key: ObjectKey,
        body: bytes,
        *,
        content_type: str = CONTENT_TYPE,
        signed_bytes: int | None = None,
        signed_at: datetime | None = None,
    ) -> httpx.Response:
        """PUT to a URL that is signed for `CONTENT_TYPE` and for `signed_bytes`, by default the body's length."""
        size_bytes = len(body) if signed_bytes is None else signed_bytes
        grant = self._signed_put(key, size_bytes, signed_at or self.clock.now())
        return await self.request(
            "PUT", grant.url, headers={**grant.headers, "Content-Type": content_type}, content=body
        )

    def _signed_put(self, key: ObjectKey, size_bytes: int, signed_at: datetime) -> PresignedUpload:
        return self.objects.presign_put(
            key, content_type=CONTENT_TYPE, size_bytes=size_bytes, expires_in_s=LIFETIME_S, signed_at=signed_at
        )

    async def request(
        self, method: str, url: str, *, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        """Send a request as a client.

        Raises:
            Unavailable: `unreachable`.
        """
        try:
            return await self.http.request(method, url, headers=headers, content=content)
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise Unavailable(f"The host of presigned URLs does not respond: {kind}.", code="unreachable") from error
