"""Sign the requests that carry a video's bytes to the bucket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.model.videos.video import Video
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore, PresignedUpload

FIRST_PART_COUNT = 10
NO_SIZES: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class SignedPart:
    """The presigned request that carries one part."""

    number: int
    size_bytes: int
    presigned: PresignedUpload


@dataclass(frozen=True, slots=True)
class SignedUpload:
    """The presigned requests for a video: one PUT of the whole file, or parts; and their lifetime."""

    video: Video
    presigned: PresignedUpload | None
    parts: tuple[SignedPart, ...]
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class SignUpload:
    """Signs upload URLs that live `expires_in_s`. The same `signed_at` gives the same URLs, so none is stored."""

    objects: ObjectStore
    multipart: MultipartStore
    expires_in_s: int

    def __call__(self, video: Video, *, signed_at: datetime) -> SignedUpload:
        """The requests that a client needs first: the single PUT, or up to ten parts.

        No part of a growing source is signed, because each one is reserved in the quota.
        """
        plan = video.source.layout
        if plan is None:
            return SignedUpload(video, self._single_put(video, signed_at), (), self.expires_in_s)
        first = range(1, min(plan.count or 0, FIRST_PART_COUNT) + 1)
        return SignedUpload(video, None, self.parts(video, first, signed_at=signed_at), self.expires_in_s)

    def expired(self, video: Video) -> SignedUpload:
        """The same, with URLs that have already expired, for a client that has nothing left to send."""
        signed = self(video, signed_at=video.created_at - timedelta(seconds=self.expires_in_s + 1))
        return replace(signed, expires_in_s=0)

    def parts(
        self, video: Video, numbers: Iterable[int], *, signed_at: datetime, sizes: Mapping[int, int] = NO_SIZES
    ) -> tuple[SignedPart, ...]:
        """The requests for these parts of a multipart upload; none for a single PUT.

        `sizes` has the size in bytes of parts, by number, that differ from the plan.
        """
        source = video.source
        plan, multipart = source.layout, source.multipart
        if plan is None or multipart is None:
            return ()
        return tuple(
            SignedPart(
                number,
                sizes.get(number, plan.size_of(number)),
                self.multipart.presign_part(
                    source.key,
                    multipart.upload_id,
                    number,
                    size_bytes=sizes.get(number, plan.size_of(number)),
                    expires_in_s=self.expires_in_s,
                    signed_at=signed_at,
                ),
            )
            for number in numbers
        )

    def expires_at(self, signed_at: datetime) -> datetime:
        """When a URL that was signed at this moment expires."""
        return signed_at + timedelta(seconds=self.expires_in_s)

    def _single_put(self, video: Video, signed_at: datetime) -> PresignedUpload:
        return self.objects.presign_put(
            video.source.key,
            content_type=video.source.content_type,
            size_bytes=video.source.size_bytes,
            expires_in_s=self.expires_in_s,
            signed_at=signed_at,
        )
