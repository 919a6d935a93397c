"""What an operator sees: counts of ended videos per user, times and workers of jobs.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

QUEUED = sa.text("state = 'queued'")
DEAD = sa.text("state = 'dead'")
PROCESSING = sa.text("status = 'processing'")
ENDED = ("completed", "failed")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("worker", sa.String(255)))
    op.add_column("jobs", sa.Column("created_at", sa.DateTime(timezone=True)))
    op.add_column("jobs", sa.Column("updated_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_jobs_queued_by_kind",
        "jobs",
        ["kind", "run_after", "id"],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )
    op.create_index("ix_jobs_dead", "jobs", ["run_after", "id"], sqlite_where=DEAD, postgresql_where=DEAD)
    op.create_index("ix_videos_processing", "videos", ["id"], sqlite_where=PROCESSING, postgresql_where=PROCESSING)
    for name in ENDED:
        op.add_column("usage", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.execute(
        "UPDATE usage SET"
        " completed = (SELECT count(*) FROM videos WHERE videos.owner = usage.owner AND status = 'completed'),"
        " failed = (SELECT count(*) FROM videos WHERE videos.owner = usage.owner AND status = 'failed')"
    )


def downgrade() -> None:
    for name in ENDED:
        op.drop_column("usage", name)
    op.drop_index("ix_videos_processing", "videos")
    op.drop_index("ix_jobs_dead", "jobs")
    op.drop_index("ix_jobs_queued_by_kind", "jobs")
    for name in ("updated_at", "created_at", "worker"):
        op.drop_column("jobs", name)
