"""All settings of an installation, grouped by concern."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import FieldInfo, fields

from entrypoints.config.addresses import is_loopback
from entrypoints.config.compression import CompressionSettings
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.imports import ImportSettings
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.jobs import JobSettings
from entrypoints.config.limits import LimitSettings
from entrypoints.config.logs import LogSettings
from entrypoints.config.maintenance import MaintenanceSettings
from entrypoints.config.originals import OriginalSettings
from entrypoints.config.playback import PlaybackSettings
from entrypoints.config.sandbox import SandboxSettings
from entrypoints.config.server import ServerSettings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.streams import StreamSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.uploads import UploadSettings
from entrypoints.config.values import ConcernSettings, Secret
from entrypoints.config.web import WebSettings
from entrypoints.config.webhooks import WebhookSettings


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its default, and the questions about the topology that involve several concerns."""

    server: ServerSettings = msgspec.field(default_factory=ServerSettings)
    web: WebSettings = msgspec.field(default_factory=WebSettings)
    storage: StorageSettings = msgspec.field(default_factory=StorageSettings)
    database: DatabaseSettings = msgspec.field(default_factory=DatabaseSettings)
    job_queue: JobQueueSettings = msgspec.field(default_factory=JobQueueSettings)
    tokens: TokenSettings = msgspec.field(default_factory=TokenSettings)
    limits: LimitSettings = msgspec.field(default_factory=LimitSettings)
    streams: StreamSettings = msgspec.field(default_factory=StreamSettings)
    uploads: UploadSettings = msgspec.field(default_factory=UploadSettings)
    imports: ImportSettings = msgspec.field(default_factory=ImportSettings)
    originals: OriginalSettings = msgspec.field(default_factory=OriginalSettings)
    playback: PlaybackSettings = msgspec.field(default_factory=PlaybackSettings)
    compression: CompressionSettings = msgspec.field(default_factory=CompressionSettings)
    sandbox: SandboxSettings = msgspec.field(default_factory=SandboxSettings)
    transcription: TranscriptionSettings = msgspec.field(default_factory=TranscriptionSettings)
    webhooks: WebhookSettings = msgspec.field(default_factory=WebhookSettings)
    jobs: JobSettings = msgspec.field(default_factory=JobSettings)
    maintenance: MaintenanceSettings = msgspec.field(default_factory=MaintenanceSettings)
    logs: LogSettings = msgspec.field(default_factory=LogSettings)

    @property
    def is_alone(self) -> bool:
        """One process does all the work, since processes could share neither a queue nor a server database."""
        return self.database.is_embedded and not self.job_queue.is_shared

    @property
    def is_embedded(self) -> bool:
        """Both database and bucket are in the data folder."""
        return self.database.is_embedded and self.storage.is_embedded

    @property
    def has_state_in_data_dir(self) -> bool:
        """The data folder holds the database or the bucket, so only one process at a time may play each role."""
        return self.database.is_embedded or self.storage.is_embedded

    def allows_local_sign_in(self, listening_on: str) -> bool:
        """Whether the page on a server that listens on this address signs in as the user `local`."""
        if self.web.page_local_sign_in is not None:
            return self.web.page_local_sign_in
        is_local = is_loopback(listening_on) and is_loopback(urlsplit(self.server.public_url).hostname or "")
        return is_local and self.is_embedded and self.tokens.jwks_url is None

    @property
    def concerns(self) -> list[ConcernSettings]:
        """The settings of each concern, in the order of the documentation."""
        return [getattr(self, field.name) for field in fields(self)]

    @property
    def secrets(self) -> list[Secret]:
        """Every secret that is set."""
        values = (getattr(concern, field.name) for concern in self.concerns for field in fields(concern))
        return [value for value in values if isinstance(value, Secret)]

    def problems(self) -> list[str]:
        """Return what is invalid in each concern and between them, one line per problem."""
        problems = [problem for concern in self.concerns for problem in concern.problems()]
        tokens = self.tokens
        if not self.database.is_embedded and tokens.jwt_secret is None and tokens.jwks_url is None:
            problems.append("TELECINE_JWT_SECRET: required with TELECINE_DATABASE_URL, unless TELECINE_JWKS_URL is set")
        if self.playback.cdn_url is not None and self.storage.is_embedded:
            problems.append("TELECINE_S3_BUCKET: required with TELECINE_CDN_URL, which serves its objects")
        if self.web.page_local_sign_in and tokens.jwks_url is not None:
            problems.append("TELECINE_PAGE_LOCAL_SIGN_IN: not with TELECINE_JWKS_URL, whose provider issues all tokens")
        return problems


class Setting(NamedTuple):
    """One setting: its concern's name in `Settings`, and its field there."""

    concern: str
    field: FieldInfo

    @property
    def variable(self) -> str:
        """The environment variable."""
        return self.field.encode_name


def every_setting() -> Iterator[Setting]:
    """Yield every setting, in the order of the documentation."""
    for concern in fields(Settings):
        shape: Any = concern.type
        for field in fields(shape):
            yield Setting(concern.name, field)
