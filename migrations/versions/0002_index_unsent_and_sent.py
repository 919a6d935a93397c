"""Index unsent and sent jobs separately, and vacuum the jobs more often.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Live jobs change constantly while finished ones accumulate. The default thresholds of autovacuum grow with the whole
# table, so that the small partial indexes would be full of dead rows before it runs.
VACUUM = {"autovacuum_vacuum_scale_factor": "0.01", "autovacuum_vacuum_threshold": "1000"}


def upgrade() -> None:
    unsent = sa.text("state = 'queued' AND sent_at IS NULL")
    sent = sa.text("state = 'queued' AND sent_at IS NOT NULL")
    op.drop_index("ix_jobs_queued", "jobs")
    op.create_index("ix_jobs_unsent", "jobs", ["run_after"], sqlite_where=unsent, postgresql_where=unsent)
    op.create_index("ix_jobs_sent", "jobs", ["sent_at"], sqlite_where=sent, postgresql_where=sent)
    if op.get_context().dialect.name == "postgresql":
        settings = ", ".join(f"{name} = {value}" for name, value in VACUUM.items())
        op.execute(f"ALTER TABLE jobs SET ({settings})")


def downgrade() -> None:
    queued = sa.text("state = 'queued'")
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE jobs RESET ({', '.join(VACUUM)})")
    op.drop_index("ix_jobs_sent", "jobs")
    op.drop_index("ix_jobs_unsent", "jobs")
    op.create_index("ix_jobs_queued", "jobs", ["run_after"], sqlite_where=queued, postgresql_where=queued)
