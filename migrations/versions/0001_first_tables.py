"""First tables: videos, jobs, transcripts.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def bytewise(length: int) -> sa.String:
    """Text that Postgres compares byte by byte, independent of the system's collations."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "videos",
        sa.Column("id", bytewise(36), nullable=False),
        sa.Column("owner", bytewise(128), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("source_key", sa.String(1024), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("content_type", sa.String(255), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("etag", sa.String(255)),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("media", sa.Text()),
        sa.Column("publication", sa.Text()),
        sa.Column("failure", sa.Text()),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upload_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
    )
    newest = [sa.text("created_at DESC"), sa.text("id DESC")]
    op.create_index("ix_videos_owner_newest", "videos", ["owner", *newest])
    op.create_index("ix_videos_owner_status_newest", "videos", ["owner", "status", *newest])

    op.create_table(
        "jobs",
        sa.Column("id", bytewise(36), nullable=False),
        sa.Column("video_id", bytewise(36), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    queued, running = sa.text("state = 'queued'"), sa.text("state = 'running'")
    op.create_index("ix_jobs_video_id", "jobs", ["video_id"])
    op.create_index("ix_jobs_queued", "jobs", ["run_after"], sqlite_where=queued, postgresql_where=queued)
    op.create_index("ix_jobs_running", "jobs", ["lease_until"], sqlite_where=running, postgresql_where=running)

    op.create_table(
        "transcripts",
        sa.Column("video_id", bytewise(36), nullable=False),
        sa.Column("language", sa.String(16)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cues", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("video_id", name="pk_transcripts"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_transcripts_video_id", ondelete="CASCADE"),
    )
    op.create_table(
        "transcript_chunks",
        sa.Column("job_id", bytewise(36), nullable=False),
        sa.Column("chunk_index", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("chunk", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "chunk_index", name="pk_transcript_chunks"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_transcript_chunks_job_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    for table in ("transcript_chunks", "transcripts", "jobs", "videos"):
        op.drop_table(table)
