"""The tables. Migrations create them; a test checks that both agree."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    desc,
    false,
    text,
)

from adapters.sql.columns import Json, LongText, PlainText, UtcDateTime
from adapters.sql.event_column import StoredState
from adapters.sql.media_column import MediaJson
from adapters.sql.publication_column import PublicationJson
from adapters.sql.terms_column import Terms
from adapters.sql.warnings_column import WarningsJson
from domain.model.failure import Failure
from domain.model.stage import Stage
from domain.model.transcripts.cues import Cue
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, TranscriptOrigin
from domain.model.uploads.original_policy import OriginalChoice
from domain.model.videos.source import KeptOriginal
from domain.model.videos.video import CaptionState

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
    # The size is not known before the upload is complete; until then, `size_bytes` is what signed parts may carry.
    Column("is_growing", Boolean, nullable=False, server_default=false()),
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
    # A process of an older version leaves it unchanged when it saves the row, and so does not break the sequence.
    Column("event_seq", Integer, nullable=False, server_default="0"),
    # The title that the owner chose; null for the file's name.
    Column("title", PlainText(300)),
    # The folded title. It is empty if a process of an older version has added the row.
    Column("title_key", PlainText(300, bytewise=True), nullable=False, server_default=""),
    Column("external_id", PlainText(255, bytewise=True)),
    Column("metadata", Json[dict[str, Any]](dict[str, Any]), nullable=False, server_default="{}"),
    # What the transcript has. Triggers on `transcripts` keep it, also for processes of an older version.
    Column("captions", PlainText(16), nullable=False, server_default=CaptionState.NONE.value),
)

# Keyset pagination walks these from the newest row on, with and without a status. A search in titles passes over the
# keys of other titles in them, and reads no rows but those of the page.
_NEWEST = (desc(videos.c.created_at), desc(videos.c.id))
Index("ix_videos_owner_newest_title", videos.c.owner, *_NEWEST, videos.c.title_key)
Index("ix_videos_owner_status_newest_title", videos.c.owner, videos.c.status, *_NEWEST, videos.c.title_key)

# Each of them once more in the order of titles.
Index("ix_videos_owner_title", videos.c.owner, videos.c.title_key, videos.c.id)
Index("ix_videos_owner_status_title", videos.c.owner, videos.c.status, videos.c.title_key, videos.c.id)
_WITH_EXTERNAL_ID = text("external_id IS NOT NULL")
Index(
    "ix_videos_owner_external_id",
    videos.c.owner,
    videos.c.external_id,
    desc(videos.c.created_at),
    desc(videos.c.id),
    sqlite_where=_WITH_EXTERNAL_ID,
    postgresql_where=_WITH_EXTERNAL_ID,
)
_WITHOUT_CAPTIONS = text("captions = 'none' AND publication IS NOT NULL")
Index(
    "ix_videos_without_captions",
    videos.c.owner,
    desc(videos.c.created_at),
    desc(videos.c.id),
    sqlite_where=_WITHOUT_CAPTIONS,
    postgresql_where=_WITHOUT_CAPTIONS,
)
_WITHOUT_TITLE_KEY = text("title_key = ''")
Index(
    "ix_videos_without_title_key",
    videos.c.id,
    sqlite_where=_WITHOUT_TITLE_KEY,
    postgresql_where=_WITHOUT_TITLE_KEY,
)

# The sweep of silent uploads reads only unfinished ones, however many videos there are. The index contains no time: a
# change of an indexed column makes Postgres write to every index of the row (no HOT update), even for finished videos.
_UPLOADING = text("status = 'uploading'")
Index("ix_videos_uploading", videos.c.id, sqlite_where=_UPLOADING, postgresql_where=_UPLOADING)

# The operator's count of videos in progress.
_PROCESSING = text("status = 'processing'")
Index("ix_videos_processing", videos.c.id, sqlite_where=_PROCESSING, postgresql_where=_PROCESSING)

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
    # For the operator; null where a process of an older version has written the row.
    Column("worker", PlainText(255)),
    Column("created_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
)

# The sweep reads only live jobs, however many are done: those never sent, those sent and still waiting, and those that
# run, each in the order in which the sweep handles them.
_UNSENT = text("state = 'queued' AND sent_at IS NULL")
_SENT = text("state = 'queued' AND sent_at IS NOT NULL")
_RUNNING = text("state = 'running'")
Index("ix_jobs_unsent", jobs.c.run_after, sqlite_where=_UNSENT, postgresql_where=_UNSENT)
Index("ix_jobs_sent", jobs.c.sent_at, sqlite_where=_SENT, postgresql_where=_SENT)
Index("ix_jobs_running", jobs.c.lease_until, sqlite_where=_RUNNING, postgresql_where=_RUNNING)

# The operator's lists and counts: of each kind that waits, and of what has failed.
_QUEUED = text("state = 'queued'")
_DEAD = text("state = 'dead'")
Index(
    "ix_jobs_queued_by_kind",
    jobs.c.kind,
    jobs.c.run_after,
    jobs.c.id,
    sqlite_where=_QUEUED,
    postgresql_where=_QUEUED,
)
Index("ix_jobs_dead", jobs.c.run_after, jobs.c.id, sqlite_where=_DEAD, postgresql_where=_DEAD)

transcripts = Table(
    "transcripts",
    metadata,
    Column("video_id", PlainText(36, bytewise=True), ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True),
    Column("language", PlainText(16)),
    Column("text", LongText, nullable=False),
    Column("cues", Json[tuple[Cue, ...]](tuple[Cue, ...]), nullable=False),
    Column("origin", PlainText(16), nullable=False, server_default=TranscriptOrigin.GENERATED.value),
    # The version of the caption track; empty without cues, null if it was saved before versions were stored.
    Column("track_version", PlainText(16)),
)

playback_tokens = Table(
    "playback_tokens",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    Column(
        "video_id",
        PlainText(36, bytewise=True),
        ForeignKey("videos.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("digest", PlainText(64, bytewise=True), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

transcript_chunks = Table(
    "transcript_chunks",
    metadata,
    Column("job_id", PlainText(36, bytewise=True), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("chunk_index", Integer, primary_key=True, autoincrement=False),
    Column("chunk", Json[ChunkTranscript](ChunkTranscript), nullable=False),
)

# The transcripts in the search index. An earlier version that replaces a transcript deletes its row and adds another.
# The index then loses it, and the job `index` adds it again.
indexed_transcripts = Table(
    "indexed_transcripts",
    metadata,
    # The video's place in the order of hits; see `domain.model.search.hits`.
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "video_id",
        PlainText(36, bytewise=True),
        ForeignKey("transcripts.video_id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("version", SmallInteger, nullable=False),
)

indexed_cues = Table(
    "indexed_cues",
    metadata,
    # On SQLite only an INTEGER key is the rowid, which the full-text table `cue_terms` refers to.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("slot", BigInteger, ForeignKey("indexed_transcripts.slot", ondelete="CASCADE"), nullable=False, index=True),
    Column("owner_key", BigInteger, nullable=False),
    Column("start_s", Double, nullable=False),
    Column("end_s", Double, nullable=False),
    Column("text", LongText, nullable=False),
    # On SQLite, triggers copy the terms to the full-text table.
    Column("terms", Terms, nullable=False),
)
# Postgres finds rare words by the first index, and frequent ones by reading the owner's cues in the order of hits.
# Without `fastupdate`, a search need not read the entries that wait to be sorted into the index.
Index(
    "ix_indexed_cues_terms", indexed_cues.c.terms, postgresql_using="gin", postgresql_with={"fastupdate": "off"}
).ddl_if(dialect="postgresql")
Index("ix_indexed_cues_owner_key_position", indexed_cues.c.owner_key, indexed_cues.c.position).ddl_if(
    dialect="postgresql"
)

usage = Table(
    "usage",
    metadata,
    Column("owner", PlainText(128, bytewise=True), primary_key=True),
    Column("videos_in_flight", Integer, nullable=False),
    Column("stored_bytes", BigInteger, nullable=False),
    Column("uploads", Integer, nullable=False),
    Column("day", Date, nullable=False),
    # A process of an older version leaves these two as they are; a recount corrects them.
    Column("completed", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
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

# No foreign keys: the events of a deleted video stay in the log.
events = Table(
    "events",
    metadata,
    # The order of insertion; SQLite generates only ids of the type INTEGER.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    # Given after the transaction has committed.
    Column("position", BigInteger),
    Column("video_id", PlainText(36, bytewise=True)),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", PlainText(32), nullable=False),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("data", Json[StoredState](StoredState), nullable=False),
)

Index("ix_events_position", events.c.position, unique=True)
Index("ix_events_owner_position", events.c.owner, events.c.position)
# Not unique: where `videos` alone was restored from a backup, the change of a video must not fail because of the log.
Index("ix_events_video_id_seq", events.c.video_id, events.c.seq)
Index("ix_events_occurred_at", events.c.occurred_at)
_UNSETTLED = text("position IS NULL")
Index("ix_events_unsettled", events.c.id, sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)

# One row, which the migration inserts.
event_positions = Table(
    "event_positions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("deleted_through", BigInteger, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("digest", PlainText(64, bytewise=True), primary_key=True),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("token_expires_at", UtcDateTime),
    # Of a ticket for a step of an upload; null for one that opens a stream. No foreign key: it expires in minutes.
    Column("video_id", PlainText(36, bytewise=True)),
    Column("action", PlainText(16)),
)
