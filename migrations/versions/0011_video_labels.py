"""Titles, external ids and metadata of videos, and what lists of them sort and filter by.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

from adapters.sql.migration_steps import add_columns, create_index, execute_locking, is_postgres, next_transaction
from domain.model.videos.titles import title_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BATCH = 500
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
_WITH_TRANSCRIPT = sa.text("SELECT video_id FROM transcripts WHERE video_id > :last ORDER BY video_id LIMIT :limit")
# A transcript is changed by a transaction that has locked its video, so what is read after this lock is its last state.
_LOCK = sa.text(
    "SELECT id FROM videos WHERE id IN (SELECT video_id FROM transcripts WHERE video_id > :last AND"
    " video_id <= :through) ORDER BY id FOR NO KEY UPDATE"
)
_FILL_CAPTIONS = sa.text(f"""
    UPDATE videos SET captions = (
        SELECT {_STATE.format(row="transcripts")} FROM transcripts WHERE transcripts.video_id = videos.id
    )
    WHERE id IN (SELECT video_id FROM transcripts WHERE video_id > :last AND video_id <= :through)
""")  # noqa: S608 (no external input)

_WITHOUT_KEY = sa.text(
    "SELECT id, COALESCE(title, filename) AS title FROM videos WHERE id > :last AND title_key = ''"
    " ORDER BY id LIMIT :limit"
)
_FILL_KEY = sa.text("UPDATE videos SET title_key = :key WHERE id = :id AND title_key = ''")

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
    CREATE OR REPLACE FUNCTION set_captions_of_video() RETURNS trigger LANGUAGE plpgsql AS $$
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
    DO $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = 'transcripts'::regclass AND tgname = 'transcripts_changed'
        ) THEN
            CREATE TRIGGER transcripts_changed AFTER INSERT OR UPDATE OR DELETE ON transcripts
            FOR EACH ROW EXECUTE FUNCTION set_captions_of_video();
        END IF;
    END
    $$
    """,
)


def bytewise(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    add_columns(
        "videos",
        sa.Column("title", sa.String(300)),
        sa.Column("title_key", bytewise(300), nullable=False, server_default=""),
        sa.Column("external_id", bytewise(255)),
        sa.Column("metadata", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("captions", sa.String(16), nullable=False, server_default="none"),
    )
    for statement in _POSTGRES if is_postgres() else _SQLITE:
        execute_locking(statement)
    _fill_captions()
    _fill_title_keys()
    create_index("ix_videos_owner_title", "videos", ["owner", "title_key", "id"])
    create_index("ix_videos_owner_status_title", "videos", ["owner", "status", "title_key", "id"])
    create_index(
        "ix_videos_owner_external_id", "videos", ["owner", "external_id", *_NEWEST], where="external_id IS NOT NULL"
    )
    create_index(
        "ix_videos_without_captions",
        "videos",
        ["owner", *_NEWEST],
        where="captions = 'none' AND publication IS NOT NULL",
    )
    create_index("ix_videos_without_title_key", "videos", ["id"], where="title_key = ''")


def downgrade() -> None:
    """Titles, external ids and metadata are lost."""
    if is_postgres():
        op.execute("DROP TRIGGER transcripts_changed ON transcripts")
        op.execute("DROP FUNCTION set_captions_of_video")
    else:
        for event in ("inserted", "updated", "deleted"):
            op.execute(f"DROP TRIGGER transcripts_{event}")
    for index in ("without_title_key", "without_captions", "owner_external_id", "owner_status_title", "owner_title"):
        op.drop_index(f"ix_videos_{index}", "videos")
    for column in ("captions", "metadata", "external_id", "title_key", "title"):
        op.drop_column("videos", column)


def _fill_captions() -> None:
    last = ""
    while found := op.get_bind().scalars(_WITH_TRANSCRIPT, {"last": last, "limit": _BATCH}).all():
        batch = {"last": last, "through": found[-1]}
        if is_postgres():
            op.get_bind().execute(_LOCK, batch)
        op.get_bind().execute(_FILL_CAPTIONS, batch)
        next_transaction()
        last = found[-1]


def _fill_title_keys() -> None:
    """The clean-up completes what processes of an older version add later."""
    last = ""
    while found := op.get_bind().execute(_WITHOUT_KEY, {"last": last, "limit": _BATCH}).all():
        op.get_bind().execute(_FILL_KEY, [{"id": row.id, "key": title_key(row.title)} for row in found])
        next_transaction()
        last = found[-1].id
