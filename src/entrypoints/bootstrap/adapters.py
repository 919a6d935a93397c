"""The adapters that an application is wired over."""

from dataclasses import dataclass, field

from domain.ports.bucket_gateway import BucketGateway
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.event_bus import EventBus
from domain.ports.id_generator import IdGenerator
from domain.ports.job_queue import JobQueue
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.ports.playback_signer import PlaybackSigner
from domain.ports.rate_limiter import RateLimiter
from domain.ports.token_authority import TokenAuthority
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber
from domain.ports.video_importer import VideoImporter
from domain.ports.webhook_secrets import WebhookSecrets
from domain.ports.webhook_sender import WebhookSender
from domain.ports.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Adapters:
    """One adapter for every port; without a transcriber, videos complete without a transcript.

    `url_secret` signs the URLs of tracks, which the API itself serves.
    """

    database: Database
    objects: ObjectStore
    multipart: MultipartStore
    bucket_gateway: BucketGateway | None
    playback_signer: PlaybackSigner
    queue: JobQueue
    bus: EventBus
    transcoder: Transcoder
    transcriber: Transcriber | None
    importer: VideoImporter
    workspace: Workspace
    clock: Clock
    ids: IdGenerator
    tokens: TokenAuthority
    rate_limits: RateLimiter
    url_secret: bytes = field(repr=False)
    webhook_sender: WebhookSender
    webhook_secrets: WebhookSecrets
