"""Playback tokens, and the versions of caption tracks.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def bytewise(length: int) -> sa.String:
    """Text that Postgres compares byte by byte, independent of the system's collations."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("transcripts", sa.Column("track_version", sa.String(16)))
    op.create_table(
        "playback_tokens",
        sa.Column("id", bytewise(36), nullable=False),
        sa.Column("video_id", bytewise(36), nullable=False),
        sa.Column("owner", bytewise(128), nullable=False),
        sa.Column("digest", bytewise(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_playback_tokens"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_playback_tokens_video_id", ondelete="CASCADE"),
    )
    op.create_index("ix_playback_tokens_video_id", "playback_tokens", ["video_id"])


def downgrade() -> None:
    op.drop_table("playback_tokens")
    op.drop_column("transcripts", "track_version")
