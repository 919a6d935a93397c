"""Multipart uploads, usage, idempotency keys and the schedule.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DAY = {"sqlite": "date(created_at)", "postgresql": "(created_at AT TIME ZONE 'UTC')::date"}
_PLAYED_BYTES = {
    "sqlite": "json_extract(publication, '$.size_bytes')",
    "postgresql": "(publication::json ->> 'size_bytes')::bigint",
}

# A closed upload is recognised by how its failure begins, because JSON functions may reject the message after that.
_FILL_USAGE = """
    INSERT INTO usage (owner, videos_in_flight, stored_bytes, uploads, day)
    SELECT owner,
           count(*) FILTER (WHERE status NOT IN ('completed', 'failed')),
           sum(stored_bytes),
           count(*) FILTER (WHERE day = last_day),
           last_day
    FROM (
        SELECT owner,
               status,
               coalesce({played_bytes}, size_bytes) AS stored_bytes,
               {day} AS day,
               max({day}) OVER (PARTITION BY owner) AS last_day
        FROM videos
        WHERE failure IS NULL OR failure NOT LIKE '{{"stage":"upload",%'
    ) AS counted
    GROUP BY owner, last_day
"""


def bytewise(length: int) -> sa.String:
    """Text that Postgres compares byte by byte, independent of the system's collations."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    # First, because on Postgres it locks the videos: no other transaction may change them while they are counted.
    op.add_column("videos", sa.Column("upload_id", sa.Text()))
    op.add_column("videos", sa.Column("part_bytes", sa.BigInteger()))
    uploading = sa.text("status = 'uploading'")
    op.create_index("ix_videos_uploading", "videos", ["id"], sqlite_where=uploading, postgresql_where=uploading)

    op.create_table(
        "usage",
        sa.Column("owner", bytewise(128), nullable=False),
        sa.Column("videos_in_flight", sa.Integer(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.Column("uploads", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_usage"),
    )
    dialect = op.get_context().dialect.name
    op.execute(_FILL_USAGE.format(played_bytes=_PLAYED_BYTES[dialect], day=_DAY[dialect]))

    op.create_table(
        "idempotency_keys",
        sa.Column("owner", bytewise(128), nullable=False),
        sa.Column("key", bytewise(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("video_id", bytewise(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_video_id", "idempotency_keys", ["video_id"])
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedule"),
    )


def downgrade() -> None:
    for table in ("schedule", "idempotency_keys", "usage"):
        op.drop_table(table)
    op.drop_index("ix_videos_uploading", "videos")
    op.drop_column("videos", "part_bytes")
    op.drop_column("videos", "upload_id")
