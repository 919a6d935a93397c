"""Webhook endpoints, their deliveries, and how far the event log has been turned into deliveries.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PENDING = sa.text("next_attempt_at IS NOT NULL")


def _bytewise(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _add_endpoints()
    _add_deliveries()
    position = op.create_table(
        "webhook_position",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_position"),
    )
    op.bulk_insert(position, [{"id": 1, "position": 0}])


def _add_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", _bytewise(36), nullable=False),
        sa.Column("owner", _bytewise(128), nullable=False),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("description", sa.String(255)),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text()),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True)),
        sa.Column("starts_after", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_reason", sa.String(16)),
        sa.Column("failing_since", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
    )
    op.create_index(
        "ix_webhook_endpoints_owner_newest",
        "webhook_endpoints",
        ["owner", sa.text("created_at DESC"), sa.text("id DESC")],
    )


def _add_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", _bytewise(36), nullable=False),
        sa.Column("endpoint_id", _bytewise(36), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("event_type", sa.String(32), nullable=False),
        sa.Column("video_id", _bytewise(36)),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True)),
        sa.Column("latency_ms", sa.Integer()),
        sa.Column("response_status", sa.Integer()),
        sa.Column("response_text", sa.Text()),
        sa.Column("error", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoints.id"],
            name="fk_webhook_deliveries_endpoint_id",
            ondelete="CASCADE",
        ),
    )
    newest = [sa.text("created_at DESC"), sa.text("id DESC")]
    table = "webhook_deliveries"
    op.create_index("ix_webhook_deliveries_created_at", table, ["created_at"])
    op.create_index("ix_webhook_deliveries_endpoint_id_position", table, ["endpoint_id", "position"], unique=True)
    op.create_index("ix_webhook_deliveries_endpoint_newest", table, ["endpoint_id", *newest])
    op.create_index("ix_webhook_deliveries_endpoint_status_newest", table, ["endpoint_id", "status", *newest])
    op.create_index(
        "ix_webhook_deliveries_due",
        table,
        ["endpoint_id", "next_attempt_at"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )


def downgrade() -> None:
    """Endpoints and the log of deliveries are lost; their jobs go with them, since older versions do not know them."""
    op.execute("DELETE FROM jobs WHERE kind = 'deliver'")
    op.drop_table("webhook_position")
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_endpoints")
