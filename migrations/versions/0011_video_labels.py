"""Titles, external ids and metadata of videos, and what lists of them sort and filter by.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

from domain.model.videos.titles import title_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BATCH = 1_000
_WITH_EXTERNAL_ID = sa.text("external_id IS NOT NULL")
_WITHOUT_CAPTIONS = sa.text("captions = 'none' AND publication IS NOT NULL")
_WITHOUT_TITLE_KEY = sa.text("title_key = ''")
_NEWEST = [sa.text("created_at DESC"), sa.text("id DESC")]

# As `Transcript.track` decides it. An empty version says that there are no cues; before versions were stored, the text
# says so.
_STATE = """
    CASE
        WHEN {row}.text = '' OR {row}.track_version = '' THEN 'none'
        WHEN {row}.origin = 'uploaded' THEN 'own'
        ELSE 'generated'
    END
"""
_FILL_CAPTIONS = f"""
    UPDATE videos SET captions = (
        SELECT {_STATE.format(row="transcripts")} FROM transcripts WHERE transcripts.video_id = videos.id
    )
    WHERE id IN (SELECT video_id FROM transcripts)
"""  # noqa: S608 (no external input)

# Triggers, because a process of an older version saves transcripts without knowing of this column.
_SQLITE = (
    *(
        f"""
        CREATE TRIGGER transcripts_{name} AFTER {event} ON transcripts BEGIN
            UPDATE videos SET captions = {_STATE.format(row="new")} WHERE id = new.video_id;
        END
        """  # noqa: S608 (no external input)
        for name, event in (("inserted", "INSERT"), ("updated", "UPDATE"))
    ),
    """
    CREATE TRIGGER transcripts_deleted AFTER DELETE ON transcripts BEGIN
        UPDATE videos SET captions = 'none' WHERE id = old.video_id;
    END
    """,
)
_POSTGRES = (
    f"""
    CREATE FUNCTION set_captions_of_video() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            UPDATE videos SET captions = 'none' WHERE id = old.video_id;
        ELSE
            UPDATE videos SET captions = {_STATE.format(row="new")} WHERE id = new.video_id;
        END IF;
        RETURN NULL;
    END
    $$
    """,  # noqa: S608 (no external input)
    """
    CREATE TRIGGER transcripts_changed AFTER INSERT OR UPDATE OR DELETE ON transcripts
    FOR EACH ROW EXECUTE FUNCTION set_captions_of_video()
    """,
)


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("videos", sa.Column("title", sa.String(300)))
    op.add_column("videos", sa.Column("title_key", bytewise(300), nullable=False, server_default=""))
    op.add_column("videos", sa.Column("external_id", bytewise(255)))
    op.add_column("videos", sa.Column("metadata", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("videos", sa.Column("captions", sa.String(16), nullable=False, server_default="none"))
    _fill_title_keys()
    op.execute(_FILL_CAPTIONS)
    op.create_index("ix_videos_owner_title", "videos", ["owner", "title_key", "id"])
    op.create_index("ix_videos_owner_status_title", "videos", ["owner", "status", "title_key", "id"])
    _partial("ix_videos_owner_external_id", ["owner", "external_id", *_NEWEST], _WITH_EXTERNAL_ID)
    _partial("ix_videos_without_captions", ["owner", *_NEWEST], _WITHOUT_CAPTIONS)
    _partial("ix_videos_without_title_key", ["id"], _WITHOUT_TITLE_KEY)
    for statement in _POSTGRES if _is_postgres() else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Titles, external ids and metadata are lost."""
    if _is_postgres():
        op.execute("DROP TRIGGER transcripts_changed ON transcripts")
        op.execute("DROP FUNCTION set_captions_of_video")
    else:
        for event in ("inserted", "updated", "deleted"):
            op.execute(f"DROP TRIGGER transcripts_{event}")
    for index in ("without_title_key", "without_captions", "owner_external_id", "owner_status_title", "owner_title"):
        op.drop_index(f"ix_videos_{index}", "videos")
    for column in ("captions", "metadata", "external_id", "title_key", "title"):
        op.drop_column("videos", column)


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _partial(name: str, columns: list[str | sa.TextClause], where: sa.TextClause) -> None:
    op.create_index(name, "videos", columns, sqlite_where=where, postgresql_where=where)


def _fill_title_keys() -> None:
    connection, last = op.get_bind(), ""
    page = sa.text("SELECT id, filename FROM videos WHERE id > :last ORDER BY id LIMIT :limit")
    fill = sa.text("UPDATE videos SET title_key = :key WHERE id = :id")
    while rows := connection.execute(page, {"last": last, "limit": _BATCH}).all():
        connection.execute(fill, [{"id": row.id, "key": title_key(row.filename)} for row in rows])
        last = rows[-1].id
