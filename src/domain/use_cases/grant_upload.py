"""Let a client upload straight to the bucket."""

from dataclasses import dataclass
from datetime import timedelta

from domain.model.identity import UserId, VideoId
from domain.model.object_key import source_key
from domain.model.upload_policy import AcceptedUpload, UploadDeclaration, UploadPolicy
from domain.model.video import Source, Video
from domain.ports.clock import Clock
from domain.ports.id_generator import IdGenerator
from domain.ports.object_store import ObjectStore, PresignedUpload
from domain.use_cases.admit_video import AdmitVideo


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """The new video, and the request that will carry its bytes."""

    video: Video
    presigned: PresignedUpload
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class GrantUpload:
    """Get a presigned URL for one file.

    - The filename, type and size are checked before anything is signed or written.
    - The URL takes exactly the declared number of bytes of the declared type, until it expires.
    - An empty type is derived from the extension; `headers` says what the PUT must carry.
    - The object key is ours to choose; the filename is kept as text only.
    """

    admit: AdmitVideo
    objects: ObjectStore
    clock: Clock
    ids: IdGenerator
    policy: UploadPolicy
    expires_in_s: int

    async def __call__(self, owner: UserId, declared: UploadDeclaration) -> UploadGrant:
        """Remember the video and sign its upload.

        Raises:
            Rejected: the declaration breaks the upload policy.
            Unavailable: the database did not take the video.
        """
        video = self._granted(owner, self.policy.accept(declared))
        presigned = self.objects.presign_put(
            video.source.key,
            content_type=video.source.content_type,
            size_bytes=video.source.size_bytes,
            expires_in_s=self.expires_in_s,
        )
        await self.admit(video)
        return UploadGrant(video, presigned, self.expires_in_s)

    def _granted(self, owner: UserId, accepted: AcceptedUpload) -> Video:
        video_id = VideoId(self.ids.new_id())
        now = self.clock.now()
        return Video.granted(
            video_id=video_id,
            owner=owner,
            source=Source(
                key=source_key(owner, video_id, accepted.extension),
                filename=accepted.filename,
                content_type=accepted.content_type,
                size_bytes=accepted.size_bytes,
            ),
            now=now,
            upload_expires_at=now + timedelta(seconds=self.expires_in_s),
        )
