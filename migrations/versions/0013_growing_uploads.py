"""Uploads of unknown size, and tickets for steps of an upload.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

from adapters.sql.migration_steps import add_columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    add_columns("videos", sa.Column("is_growing", sa.Boolean(), nullable=False, server_default=sa.false()))
    add_columns("tickets", sa.Column("video_id", bytewise(36)), sa.Column("action", sa.String(16)))


def downgrade() -> None:
    op.drop_column("tickets", "action")
    op.drop_column("tickets", "video_id")
    op.drop_column("videos", "is_growing")
