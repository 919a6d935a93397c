"""The log of events, and the positions in it.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_UNSETTLED = sa.text("position IS NULL")
_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("videos", sa.Column("event_seq", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "events",
        sa.Column("id", _BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("position", sa.BigInteger()),
        sa.Column("video_id", _text(36)),
        sa.Column("owner", _text(128), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_position", "events", ["position"], unique=True)
    op.create_index("ix_events_owner_position", "events", ["owner", "position"])
    op.create_index("ix_events_video_id_seq", "events", ["video_id", "seq"])
    op.create_index("ix_events_occurred_at", "events", ["occurred_at"])
    op.create_index("ix_events_unsettled", "events", ["id"], sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED)
    positions = op.create_table(
        "event_positions",
        sa.Column("id", sa.Integer(), autoincrement=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("deleted_through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_positions"),
    )
    op.bulk_insert(positions, [{"id": 1, "last": 0, "deleted_through": 0}])


def downgrade() -> None:
    op.drop_table("event_positions")
    op.drop_table("events")
    op.drop_column("videos", "event_seq")
