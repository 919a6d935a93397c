"""Let a client upload straight to the bucket."""

from dataclasses import dataclass

from domain.model.errors import AlreadyExists, Rejected
from domain.model.idempotency import IdempotentRequest, idempotent_request, in_use
from domain.model.identity import UserId
from domain.model.lifecycle import VideoStatus
from domain.model.upload_policy import UploadDeclaration, UploadPolicy
from domain.model.video import Video
from domain.use_cases.admit_video import AdmitVideo
from domain.use_cases.begin_upload import BeginUpload
from domain.use_cases.recall_request import RecallRequest
from domain.use_cases.sign_upload import SignedUpload, SignUpload

OPERATION = "upload/presigned"


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """What the client needs to upload; `is_replay` when an earlier request had got it already."""

    signed: SignedUpload
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class GrantUpload:
    """Get presigned URLs for one file.

    - The filename, type and size are checked before anything is signed or written.
    - `single` is one PUT of up to 5 GiB; `multipart` is parts of equal size, up to 5 TiB in all; `auto` takes parts
      from 100 MiB on.
    - A URL takes exactly the declared number of bytes, that of a single PUT of the declared type, until it expires.
    - An empty type is derived from the extension; `headers` says what the PUT must carry.
    - The language that is spoken and words that nobody would expect help to transcribe it; both may be left out.
    - The object key is ours to choose; the filename is kept as text only.
    - A request that is repeated with its `Idempotency-Key` gets the same answer and makes no second video; once the
      upload is complete, or closed, its URLs have expired.
    """

    policy: UploadPolicy
    begin: BeginUpload
    admit: AdmitVideo
    sign: SignUpload
    recall: RecallRequest

    async def __call__(self, owner: UserId, declared: UploadDeclaration, *, key: str | None = None) -> UploadGrant:
        """Remember the video and sign its upload.

        Raises:
            Rejected: the declaration breaks the upload policy, or the idempotency key is malformed or stands for
                another request.
            QuotaExceeded: the owner has no room for it.
            Conflict: `idempotency_key_in_use` or `idempotency_key_spent`.
            Unavailable: the bucket or the database did not take it.
        """
        request = None if key is None else idempotent_request(key, OPERATION, declared)
        if request is not None and (made := await self.recall(owner, request)) is not None:
            return self._replayed(made)
        video = await self.begin(owner, self.policy.accept(declared))
        return await self._admitted(owner, video, request)

    async def _admitted(self, owner: UserId, video: Video, request: IdempotentRequest | None) -> UploadGrant:
        try:
            await self.admit(video, None if request is None else request.made(video))
        except AlreadyExists as error:
            await self.begin.discard(video)
            made = None if request is None else await self.recall(owner, request)
            if made is None:
                # Whoever had the key has given it back just now.
                raise (error if request is None else in_use()) from None
            return self._replayed(made)
        except Rejected:
            await self.begin.discard(video)
            raise
        return UploadGrant(self.sign(video, signed_at=video.created_at))

    def _replayed(self, video: Video) -> UploadGrant:
        """The first answer; once nothing more is to be sent, its URLs have expired: a PUT could only do harm."""
        if video.status is VideoStatus.UPLOADING:
            return UploadGrant(self.sign(video, signed_at=video.created_at), is_replay=True)
        return UploadGrant(self.sign.expired(video), is_replay=True)
