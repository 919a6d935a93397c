"""What becomes of an original, and the originals that are kept beside their renditions.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT_FOR_DAYS = sa.text("original_kept_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("videos", sa.Column("original_choice", sa.Text()))
    op.add_column("videos", sa.Column("kept_original", sa.Text()))
    op.add_column("videos", sa.Column("original_kept_until", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_videos_original_kept_until",
        "videos",
        ["original_kept_until"],
        sqlite_where=_KEPT_FOR_DAYS,
        postgresql_where=_KEPT_FOR_DAYS,
    )


def downgrade() -> None:
    """Kept originals stay in the publication as further renditions, so nothing is lost."""
    op.drop_index("ix_videos_original_kept_until", "videos")
    op.drop_column("videos", "original_kept_until")
    op.drop_column("videos", "kept_original")
    op.drop_column("videos", "original_choice")
