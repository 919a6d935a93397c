"""Give a client presigned URLs to upload directly to the bucket."""

from dataclasses import dataclass

from domain.model.access.idempotency import IdempotentRequest, idempotent_request, key_in_use
from domain.model.errors import AlreadyExists, Rejected
from domain.model.ids import UserId
from domain.model.uploads.policy import UploadDeclaration, UploadPolicy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.uploads.create_upload import CreateUpload
from domain.use_cases.uploads.sign_upload import SignedUpload, SignUpload
from domain.use_cases.videos.register_videos import RegisterVideos

OPERATION = "upload/presigned"


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """The presigned requests of an upload; `is_replay` if an earlier request with the same key received them."""

    signed: SignedUpload
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class RequestUpload:
    """Create a video and get presigned URLs to upload its file.

    - The filename, type and size are checked first.
    - The strategy `single` is one PUT of up to 5 GiB. `multipart` uses parts of equal size, up to 5 TiB in total.
      `auto` uses parts for files of 100 MiB or more.
    - Until it expires, a URL accepts exactly the declared number of bytes; a single PUT must also have the declared
      type.
    - The declared type is advice. If it is empty or not that of a video or audio file, the type is derived from the
      extension; if the filename has no extension, the extension is derived from the type. Send the PUT with the headers
      in `headers`.
    - The spoken language and unusual words (`keywords`) improve the transcript. Both are optional.
    - `original` says what becomes of the uploaded file once a rendition of it is proven: it is erased (`delete`) or
      kept for download (`keep`), for `keep_days` days or for ever. Without it, the server's default applies.
    - The server chooses the object key; the filename is only stored for display.
    - Repeating the request with its `Idempotency-Key` gives the same answer and creates no second video. Once the
      upload is complete or closed, the URLs in that answer have expired.
    """

    policy: UploadPolicy
    create: CreateUpload
    register: RegisterVideos
    sign: SignUpload
    lookup: IdempotencyLookup

    async def __call__(self, owner: UserId, declared: UploadDeclaration, *, key: str | None = None) -> UploadGrant:
        """Store the video and sign its upload.

        Raises:
            Rejected: the declaration breaks the upload policy, or the idempotency key is malformed or was used for a
                different request.
            QuotaExceeded: the owner's quota has no room for it.
            Conflict: `idempotency_key_in_use` or `idempotency_key_spent`.
            Unavailable: the bucket or the database failed.
        """
        request = None if key is None else idempotent_request(key, OPERATION, declared)
        if request is not None and (earlier := await self.lookup(owner, request)) is not None:
            return self._replayed(earlier)
        video = await self.create(owner, self.policy.accept(declared))
        return await self._registered(owner, video, request)

    async def _registered(self, owner: UserId, video: Video, request: IdempotentRequest | None) -> UploadGrant:
        try:
            await self.register(video, None if request is None else request.creating(video))
        except AlreadyExists as error:
            await self.create.discard(video)
            earlier = None if request is None else await self.lookup(owner, request)
            if earlier is None:
                # The request that held the key has just freed it.
                raise (error if request is None else key_in_use()) from None
            return self._replayed(earlier)
        except Rejected:
            await self.create.discard(video)
            raise
        return UploadGrant(self.sign(video, signed_at=video.created_at))

    def _replayed(self, video: Video) -> UploadGrant:
        """The first response again. After the upload has ended its URLs are expired: a PUT would replace the object."""
        if video.status is VideoStatus.UPLOADING:
            return UploadGrant(self.sign(video, signed_at=video.created_at), is_replay=True)
        return UploadGrant(self.sign.expired(video), is_replay=True)
