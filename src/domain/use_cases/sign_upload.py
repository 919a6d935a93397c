"""Sign the requests that will carry a video's bytes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.model.video import Video
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore, PresignedUpload

FIRST_PART_COUNT = 10


@dataclass(frozen=True, slots=True)
class SignedPart:
    """The request that carries one part."""

    number: int
    size_bytes: int
    presigned: PresignedUpload


@dataclass(frozen=True, slots=True)
class SignedUpload:
    """The requests that carry a video: one PUT of it all, or its first parts; and for how long they are taken."""

    video: Video
    presigned: PresignedUpload | None
    parts: tuple[SignedPart, ...]
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class SignUpload:
    """Signs for so many seconds. The same moment gives the same URLs, so no signature has to be kept."""

    objects: ObjectStore
    multipart: MultipartStore
    expires_in_s: int

    def __call__(self, video: Video, *, signed_at: datetime) -> SignedUpload:
        """What the client needs to begin."""
        plan = video.source.plan
        if plan is None:
            return SignedUpload(video, self._whole(video, signed_at), (), self.expires_in_s)
        first = range(1, min(plan.count, FIRST_PART_COUNT) + 1)
        return SignedUpload(video, None, self.parts(video, first, signed_at=signed_at), self.expires_in_s)

    def expired(self, video: Video) -> SignedUpload:
        """The same, for a client that has nothing to send any more: the URLs were never good."""
        signed = self(video, signed_at=video.created_at - timedelta(seconds=self.expires_in_s + 1))
        return replace(signed, expires_in_s=0)

    def parts(self, video: Video, numbers: Iterable[int], *, signed_at: datetime) -> tuple[SignedPart, ...]:
        """The requests for these parts of a video whose upload has them."""
        source = video.source
        plan, multipart = source.plan, source.multipart
        if plan is None or multipart is None:
            return ()
        return tuple(
            SignedPart(
                number,
                plan.size_of(number),
                self.multipart.presign_part(
                    source.key,
                    multipart.upload_id,
                    number,
                    size_bytes=plan.size_of(number),
                    expires_in_s=self.expires_in_s,
                    signed_at=signed_at,
                ),
            )
            for number in numbers
        )

    def expires_at(self, signed_at: datetime) -> datetime:
        """When what was signed then is no longer taken."""
        return signed_at + timedelta(seconds=self.expires_in_s)

    def _whole(self, video: Video, signed_at: datetime) -> PresignedUpload:
        return self.objects.presign_put(
            video.source.key,
            content_type=video.source.content_type,
            size_bytes=video.source.size_bytes,
            expires_in_s=self.expires_in_s,
            signed_at=signed_at,
        )
