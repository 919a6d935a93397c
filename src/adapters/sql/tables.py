"""The tables. Migrations create them; a test checks that both agree."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, MetaData, Table, desc, text

from adapters.sql.columns import Json, LongText, PlainText, UtcDateTime
from adapters.sql.media_column import MediaJson
from adapters.sql.publication_column import PublicationJson
from adapters.sql.warnings_column import WarningsJson
from domain.model.failure import Failure
from domain.model.stage import Stage
from domain.model.transcripts.cues import Cue
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, TranscriptOrigin
from domain.model.uploads.original_policy import OriginalChoice
from domain.model.videos.source import KeptOriginal

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

videos = Table(
    "videos",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("status", PlainText(16), nullable=False),
    Column("source_key", PlainText(1024), nullable=False),
    Column("filename", PlainText(255), nullable=False),
    Column("content_type", PlainText(255), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("etag", PlainText(255)),
    # The bucket's id of a multipart upload; no document limits its length.
    Column("upload_id", LongText),
    Column("part_bytes", BigInteger),
    Column("youtube_id", PlainText(16)),
    Column("speech_hints", Json[SpeechHints](SpeechHints)),
    Column("stages", Json[tuple[Stage, ...]](tuple[Stage, ...]), nullable=False),
    Column("media", MediaJson),
    Column("publication", PublicationJson),
    Column("original_choice", Json[OriginalChoice](OriginalChoice)),
    # The original beside the rendition. Not a part of `publication`, which a process of an older version writes back
    # without what it does not know; see `StoredPublication`.
    Column("kept_original", Json[KeptOriginal](KeptOriginal)),
    # The time in `kept_original`, for SQL.
    Column("original_kept_until", UtcDateTime),
    Column("failure", Json[Failure](Failure)),
    Column("warnings", WarningsJson, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("upload_expires_at", UtcDateTime, nullable=False),
)

# Keyset pagination walks these from the newest row on, with and without a status.
Index("ix_videos_owner_newest", videos.c.owner, desc(videos.c.created_at), desc(videos.c.id))
Index("ix_videos_owner_status_newest", videos.c.owner, videos.c.status, desc(videos.c.created_at), desc(videos.c.id))

# The sweep of silent uploads reads only unfinished ones, however many videos there are. The index contains no time: a
# change of an indexed column makes Postgres write to every index of the row (no HOT update), even for finished videos.
_UPLOADING = text("status = 'uploading'")
Index("ix_videos_uploading", videos.c.id, sqlite_where=_UPLOADING, postgresql_where=_UPLOADING)

# The sweep of kept originals reads only those that are kept for a limited time.
_KEPT_FOR_DAYS = text("original_kept_until IS NOT NULL")
Index(
    "ix_videos_original_kept_until",
    videos.c.original_kept_until,
    sqlite_where=_KEPT_FOR_DAYS,
    postgresql_where=_KEPT_FOR_DAYS,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    # No foreign key: the job that erases a video's objects outlives the video.
    Column("video_id", PlainText(36, bytewise=True), nullable=False, index=True),
    Column("kind", PlainText(16), nullable=False),
    Column("payload", LongText, nullable=False),
    Column("state", PlainText(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("run_after", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("fence", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("last_error", LongText),
)

# The sweep reads only live jobs, however many are done: those never sent, those sent and still waiting, and those that
# run, each in the order in which the sweep handles them.
_UNSENT = text("state = 'queued' AND sent_at IS NULL")
_SENT = text("state = 'queued' AND sent_at IS NOT NULL")
_RUNNING = text("state = 'running'")
Index("ix_jobs_unsent", jobs.c.run_after, sqlite_where=_UNSENT, postgresql_where=_UNSENT)
Index("ix_jobs_sent", jobs.c.sent_at, sqlite_where=_SENT, postgresql_where=_SENT)
Index("ix_jobs_running", jobs.c.lease_until, sqlite_where=_RUNNING, postgresql_where=_RUNNING)

transcripts = Table(
    "transcripts",
    metadata,
    Column("video_id", PlainText(36, bytewise=True), ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True),
    Column("language", PlainText(16)),
    Column("text", LongText, nullable=False),
    Column("cues", Json[tuple[Cue, ...]](tuple[Cue, ...]), nullable=False),
    Column("origin", PlainText(16), nullable=False, server_default=TranscriptOrigin.GENERATED.value),
)

transcript_chunks = Table(
    "transcript_chunks",
    metadata,
    Column("job_id", PlainText(36, bytewise=True), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("chunk_index", Integer, primary_key=True, autoincrement=False),
    Column("chunk", Json[ChunkTranscript](ChunkTranscript), nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("owner", PlainText(128, bytewise=True), primary_key=True),
    Column("videos_in_flight", Integer, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("uploads", Integer, nullable=False),
    Column("day", Date, nullable=False),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", PlainText(128, bytewise=True), primary_key=True),
    Column("key", PlainText(255, bytewise=True), primary_key=True),
    Column("fingerprint", PlainText(64), nullable=False),
    # No foreign key: the key outlives its video, so that a late repeat does not create another video.
    Column("video_id", PlainText(36, bytewise=True), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

schedule = Table(
    "schedule",
    metadata,
    Column("name", PlainText(64), primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("url", PlainText(2048), nullable=False),
    Column("events", Json[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("description", PlainText(255)),
    # Sealed secrets; see adapters/webhook/secrets.py.
    Column("secret", LongText, nullable=False),
    Column("previous_secret", LongText),
    Column("previous_secret_until", UtcDateTime),
    Column("starts_after", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("disabled_reason", PlainText(16)),
    Column("failing_since", UtcDateTime),
)
Index(
    "ix_webhook_endpoints_owner_newest",
    webhook_endpoints.c.owner,
    desc(webhook_endpoints.c.created_at),
    desc(webhook_endpoints.c.id),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    Column(
        "endpoint_id",
        PlainText(36, bytewise=True),
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"),
        nullable=False,
    ),
    # The event's position in the log; a test event has none. The log may have removed the event since.
    Column("position", BigInteger),
    Column("event_type", PlainText(32), nullable=False),
    Column("video_id", PlainText(36, bytewise=True)),
    Column("body", LongText, nullable=False),
    Column("status", PlainText(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("next_attempt_at", UtcDateTime),
    Column("attempt", Integer, nullable=False),
    Column("attempted_at", UtcDateTime),
    Column("latency_ms", Integer),
    Column("response_status", Integer),
    Column("response_text", LongText),
    Column("error", PlainText(32)),
)
# One delivery of each event to each endpoint, also if two processes read the log at once.
Index(
    "ix_webhook_deliveries_endpoint_id_position",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.position,
    unique=True,
)
Index(
    "ix_webhook_deliveries_endpoint_newest",
    webhook_deliveries.c.endpoint_id,
    desc(webhook_deliveries.c.created_at),
    desc(webhook_deliveries.c.id),
)
Index(
    "ix_webhook_deliveries_endpoint_status_newest",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.status,
    desc(webhook_deliveries.c.created_at),
    desc(webhook_deliveries.c.id),
)
# Only pending deliveries have a time at which they are due.
_PENDING = text("next_attempt_at IS NOT NULL")
Index(
    "ix_webhook_deliveries_due",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.next_attempt_at,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)

webhook_position = Table(
    "webhook_position",
    metadata,
    # One row, which the migration inserts.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)
