"""The tables of webhooks. Migrations create them; a test checks that both agree."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, desc, text

from adapters.sql.columns import Json, LongText, PlainText, UtcDateTime
from adapters.sql.tables import metadata

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    Column("owner", PlainText(128, bytewise=True), nullable=False),
    Column("url", PlainText(2048), nullable=False),
    Column("events", Json[tuple[str, ...]](tuple[str, ...]), nullable=False),
    Column("description", PlainText(255)),
    # Sealed secrets; see adapters/webhook/secrets.py.
    Column("secret", LongText, nullable=False),
    Column("previous_secret", LongText),
    Column("previous_secret_until", UtcDateTime),
    Column("starts_after", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("disabled_reason", PlainText(16)),
    Column("failing_since", UtcDateTime),
)
Index(
    "ix_webhook_endpoints_owner_newest",
    webhook_endpoints.c.owner,
    desc(webhook_endpoints.c.created_at),
    desc(webhook_endpoints.c.id),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", PlainText(36, bytewise=True), primary_key=True),
    Column(
        "endpoint_id",
        PlainText(36, bytewise=True),
        ForeignKey("webhook_endpoints.id", ondelete="CASCADE"),
        nullable=False,
    ),
    # The event's position in the log; a test event has none. The log may have removed the event since.
    Column("position", BigInteger),
    Column("event_type", PlainText(32), nullable=False),
    Column("video_id", PlainText(36, bytewise=True)),
    Column("body", LongText, nullable=False),
    Column("status", PlainText(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("next_attempt_at", UtcDateTime),
    Column("attempt", Integer, nullable=False),
    Column("attempted_at", UtcDateTime),
    Column("latency_ms", Integer),
    Column("response_status", Integer),
    Column("response_text", LongText),
    Column("error", PlainText(32)),
)
# One delivery of each event to each endpoint, also if two processes read the log at once.
Index(
    "ix_webhook_deliveries_endpoint_id_position",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.position,
    unique=True,
)
Index(
    "ix_webhook_deliveries_endpoint_newest",
    webhook_deliveries.c.endpoint_id,
    desc(webhook_deliveries.c.created_at),
    desc(webhook_deliveries.c.id),
)
Index(
    "ix_webhook_deliveries_endpoint_status_newest",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.status,
    desc(webhook_deliveries.c.created_at),
    desc(webhook_deliveries.c.id),
)
# Only pending deliveries have a time at which they are due.
_PENDING = text("next_attempt_at IS NOT NULL")
Index(
    "ix_webhook_deliveries_due",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.next_attempt_at,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)

webhook_position = Table(
    "webhook_position",
    metadata,
    # One row, which the migration inserts.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)
