"""The application that every entrypoint calls: all use cases, wired."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from domain.model.access.rate_limit import RateLimit
from domain.ports.bucket_gateway import BucketGateway
from domain.ports.event_bus import EventBus
from domain.ports.rate_limiter import RateLimiter
from domain.ports.token_authority import TokenAuthority
from domain.use_cases.access.verify_playback_token import VerifyPlaybackToken
from domain.use_cases.events.event_feed import EventFeed
from domain.use_cases.events.follow_video import FollowVideo
from domain.use_cases.events.follow_videos import FollowVideos
from domain.use_cases.events.issue_ticket import IssueTicket
from domain.use_cases.events.redeem_ticket import RedeemTicket
from domain.use_cases.imports.request_import import RequestImport
from domain.use_cases.jobs.run_job import RunJob
from domain.use_cases.jobs.sweep_jobs import SweepJobs
from domain.use_cases.media.request_poster import RequestPoster
from domain.use_cases.operations.check_health import CheckHealth
from domain.use_cases.operations.get_overview import GetOverview
from domain.use_cases.operations.list_jobs import ListJobs
from domain.use_cases.operations.list_users import ListUsers
from domain.use_cases.operations.retry_job import RetryJob
from domain.use_cases.retention.clean_up import CleanUp
from domain.use_cases.search.find_in_transcript import FindInTranscript
from domain.use_cases.search.search_transcripts import SearchTranscripts
from domain.use_cases.transcripts.get_transcript import GetTranscript
from domain.use_cases.transcripts.regenerate_transcript import RegenerateTranscript
from domain.use_cases.transcripts.remove_captions import RemoveCaptions
from domain.use_cases.transcripts.replace_captions import ReplaceCaptions
from domain.use_cases.uploads.cancel_upload import CancelUpload
from domain.use_cases.uploads.complete_upload import CompleteUpload
from domain.use_cases.uploads.get_upload_status import GetUploadStatus
from domain.use_cases.uploads.issue_upload_ticket import IssueUploadTicket
from domain.use_cases.uploads.receive_upload import ReceiveUpload
from domain.use_cases.uploads.redeem_upload_ticket import RedeemUploadTicket
from domain.use_cases.uploads.renew_upload import RenewUpload
from domain.use_cases.uploads.report_failed_upload import ReportFailedUpload
from domain.use_cases.uploads.request_upload import RequestUpload
from domain.use_cases.uploads.sign_parts import SignParts
from domain.use_cases.videos.delete_video import DeleteVideo
from domain.use_cases.videos.edit_video import EditVideo
from domain.use_cases.videos.get_original import GetOriginal
from domain.use_cases.videos.get_playback import GetPlayback
from domain.use_cases.videos.get_track import GetTrack
from domain.use_cases.videos.get_video import GetVideo
from domain.use_cases.videos.issue_playback_token import IssuePlaybackToken
from domain.use_cases.videos.list_playback_tokens import ListPlaybackTokens
from domain.use_cases.videos.list_videos import ListVideos
from domain.use_cases.videos.retry_video import RetryVideo
from domain.use_cases.videos.revoke_playback_token import RevokePlaybackToken
from domain.use_cases.videos.sign_video import SignVideo
from domain.use_cases.webhooks.create_webhook import CreateWebhook
from domain.use_cases.webhooks.delete_webhook import DeleteWebhook
from domain.use_cases.webhooks.edit_webhook import EditWebhook
from domain.use_cases.webhooks.fan_out_events import FanOutEvents
from domain.use_cases.webhooks.list_deliveries import ListDeliveries
from domain.use_cases.webhooks.list_webhooks import ListWebhooks
from domain.use_cases.webhooks.redeliver import Redeliver
from domain.use_cases.webhooks.rotate_secret import RotateSecret
from domain.use_cases.webhooks.send_test_event import SendTestEvent
from entrypoints.config.networks import Networks


@dataclass(frozen=True, slots=True)
class Uploads:
    """The upload protocol."""

    request: RequestUpload
    sign_parts: SignParts
    renew: RenewUpload
    get_status: GetUploadStatus
    complete: CompleteUpload
    report_failure: ReportFailedUpload
    cancel: CancelUpload
    receive: ReceiveUpload
    issue_ticket: IssueUploadTicket
    redeem_ticket: RedeemUploadTicket


@dataclass(frozen=True, slots=True)
class Transcripts:
    """The use cases that change a transcript: regeneration, and captions that the owner supplies."""

    regenerate: RegenerateTranscript
    replace: ReplaceCaptions
    remove: RemoveCaptions


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The use cases that manage webhooks, and the fan-out that every worker runs."""

    create: CreateWebhook
    list: ListWebhooks
    edit: EditWebhook
    delete: DeleteWebhook
    rotate_secret: RotateSecret
    send_test_event: SendTestEvent
    list_deliveries: ListDeliveries
    redeliver: Redeliver
    fan_out: FanOutEvents


@dataclass(frozen=True, slots=True)
class Events:
    """Event streams; `feed` reads the log for all of them, and must run while there are streams."""

    feed: EventFeed
    follow_video: FollowVideo
    follow_videos: FollowVideos
    issue_ticket: IssueTicket
    redeem_ticket: RedeemTicket


@dataclass(frozen=True, slots=True)
class PlaybackTokens:
    """The use cases of playback tokens: their owner's, and the verification of a viewer's token."""

    issue: IssuePlaybackToken
    list: ListPlaybackTokens
    revoke: RevokePlaybackToken
    verify: VerifyPlaybackToken


@dataclass(frozen=True, slots=True)
class Search:
    """Search in all transcripts of a user, or in one."""

    transcripts: SearchTranscripts
    in_transcript: FindInTranscript


@dataclass(frozen=True, slots=True)
class Options:
    """Which optional features the API of this installation offers."""

    proxied_upload: bool
    proxied_upload_sunset: date
    youtube_import: bool
    metrics: bool
    cors_allowed_origins: frozenset[str]
    stream_stall_s: float
    public_url: str


@dataclass(frozen=True, slots=True)
class WebPage:
    """The web page: whether it is served, which other origins it may load from, and whether it signs in by itself.

    `origins` are those of the URLs that the API signs: the bucket, the CDN and this server's public URL.
    """

    is_served: bool
    origins: tuple[str, ...]
    signs_in_locally: bool


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """What a client may have to know before it sends a file, as `GET /api/options` returns it."""

    imports: bool
    transcription: bool
    max_file_size_bytes: int
    max_duration_s: float
    part_size_bytes: int
    proxied_upload: bool
    direct_share: float


@dataclass(frozen=True, slots=True)
class MediaTools:
    """ffmpeg on this server's host: its version, None if it is not installed, and the missing layers of its sandbox.

    `sandbox_level` is `full`, `partial` or `none`.
    """

    ffmpeg_version: str | None
    sandbox_level: str
    missing_layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """What this server runs on; the tools are inspected when they are first asked for."""

    started_at: datetime
    python_version: str
    database: str
    queue: str
    storage_kind: str
    media_tools: Callable[[], Awaitable[MediaTools]]


@dataclass(frozen=True, slots=True)
class Operations:
    """The use cases of an operator, who sees the jobs and the usage of all users."""

    installation: Installation
    get_overview: GetOverview
    list_jobs: ListJobs
    retry_job: RetryJob
    list_users: ListUsers


@dataclass(frozen=True, slots=True)
class RateLimitPolicy:
    """How often a user may call the API, and an address without a valid token; without a limit, nothing is counted.

    The address is read from `X-Forwarded-For` only if a trusted proxy sent that header.
    """

    limiter: RateLimiter
    per_user: RateLimit | None = None
    per_address: RateLimit | None = None
    trusted_proxies: Networks = ()


@dataclass(frozen=True, slots=True)
class Application:
    """Every use case of this process; `bucket_gateway` is set when the API itself serves the bucket."""

    uploads: Uploads
    events: Events
    request_import: RequestImport
    retry_video: RetryVideo
    get_video: GetVideo
    list_videos: ListVideos
    edit_video: EditVideo
    sign_video: SignVideo
    delete_video: DeleteVideo
    get_transcript: GetTranscript
    transcripts: Transcripts
    search: Search
    get_playback: GetPlayback
    request_poster: RequestPoster
    get_original: GetOriginal
    get_track: GetTrack
    playback_tokens: PlaybackTokens
    check_health: CheckHealth
    operations: Operations
    run_job: RunJob
    sweep_jobs: SweepJobs
    clean_up: CleanUp
    tokens: TokenAuthority
    rate_limits: RateLimitPolicy
    options: Options
    page: WebPage
    client_options: ClientOptions
    bucket_gateway: BucketGateway | None
    webhooks: Webhooks
    bus: EventBus
