"""What an operator sees: counts of ended videos per user, times and workers of jobs.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

from adapters.sql.migration_steps import add_columns, create_index, is_postgres, next_transaction

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ENDED = ("completed", "failed")

_NEXT_OWNER = sa.text("SELECT min(owner) FROM usage WHERE owner > :last")
# A transaction changes the usage of a user after the user's videos, so what is counted after this lock is complete.
_LOCK = sa.text("SELECT owner FROM usage WHERE owner = :owner FOR UPDATE")
_COUNT = sa.text(
    "UPDATE usage SET"
    " completed = (SELECT count(*) FROM videos WHERE videos.owner = usage.owner AND status = 'completed'),"
    " failed = (SELECT count(*) FROM videos WHERE videos.owner = usage.owner AND status = 'failed')"
    " WHERE owner = :owner"
)


def upgrade() -> None:
    add_columns(
        "jobs",
        sa.Column("worker", sa.String(255)),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
    )
    add_columns("usage", *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in ENDED))
    _count_ended()
    create_index("ix_jobs_queued_by_kind", "jobs", ["kind", "run_after", "id"], where="state = 'queued'")
    create_index("ix_jobs_dead", "jobs", ["run_after", "id"], where="state = 'dead'")
    create_index("ix_videos_processing", "videos", ["id"], where="status = 'processing'")


def downgrade() -> None:
    for name in ENDED:
        op.drop_column("usage", name)
    op.drop_index("ix_videos_processing", "videos")
    op.drop_index("ix_jobs_dead", "jobs")
    op.drop_index("ix_jobs_queued_by_kind", "jobs")
    for name in ("updated_at", "created_at", "worker"):
        op.drop_column("jobs", name)


def _count_ended() -> None:
    """Each user in a transaction of its own, because a change of the user's videos waits for it."""
    owner = ""
    while owner := op.get_bind().scalar(_NEXT_OWNER, {"last": owner}):
        if is_postgres():
            op.get_bind().execute(_LOCK, {"owner": owner})
        op.get_bind().execute(_COUNT, {"owner": owner})
        next_transaction()
