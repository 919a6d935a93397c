"""Issue a ticket for one step of a multipart upload in the dialect of S3."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.model.access.ticket import (
    UPLOAD_TICKET_PREFIX,
    Ticket,
    UploadAction,
    UploadPermission,
    ticket_digest,
    ticket_secret,
)
from domain.model.errors import Conflict
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_client, require_owner
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator

DELETED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class IssuedUploadTicket:
    """A ticket, whose secret is stored nowhere, and its lifetime."""

    secret: str
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class IssueUploadTicket:
    """Get a URL for one step of a multipart upload, for clients that speak S3.

    - Such clients, for example `@uppy/aws-s3`, send requests without a token to signed URLs. The bucket's own URLs
      carry the parts; for the other steps (`create`, `list`, `complete`, `abort`) use this URL, which answers in S3's
      XML.
    - The URL contains a ticket that permits this step of this upload and nothing else. Within `expires_in` seconds it
      can be used repeatedly, because such clients repeat a failed request; it never outlives the token.
    - `list` and `complete` ask the bucket which parts it has; a list of parts in the request is ignored.
    """

    database: Database
    ids: IdGenerator
    clock: Clock
    lifetime_s: int

    async def __call__(
        self, owner: UserId, video_id: VideoId, action: UploadAction, *, token_expires_at: datetime | None = None
    ) -> IssuedUploadTicket:
        """A new ticket for this step; expired ones are deleted.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `imported_video` or `not_multipart`.
        """
        now = self.clock.now()
        lifetime_s = self._lifetime_s(now, token_expires_at)
        secret = ticket_secret(UPLOAD_TICKET_PREFIX, self.ids.new_id(), self.ids.new_id())
        ticket = Ticket(
            digest=ticket_digest(secret),
            owner=owner,
            expires_at=now + timedelta(seconds=lifetime_s),
            token_expires_at=token_expires_at,
            upload=UploadPermission(video_id, action),
        )
        async with self.database.read() as work:
            video = require_client(require_owner(await work.videos.get(video_id), owner))
        if video.source.multipart is None:
            raise Conflict("This upload is a single PUT; it has no parts.", code="not_multipart")
        async with self.database.write() as work:
            await work.tickets.delete_expired(now, limit=DELETED_AT_ONCE)
            await work.tickets.add(ticket)
        return IssuedUploadTicket(secret, lifetime_s)

    def _lifetime_s(self, now: datetime, token_expires_at: datetime | None) -> int:
        if token_expires_at is None:
            return self.lifetime_s
        return max(0, min(self.lifetime_s, int((token_expires_at - now).total_seconds())))
