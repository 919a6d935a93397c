"""The index of the words in transcripts; the job `index` fills it while the service runs.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The table refers to the rows of `indexed_cues` and does not copy them. The tokenizer leaves every character except
# ASCII punctuation as it is. Prefixes of up to three characters have lists of their own.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE cue_terms USING fts5(
        terms, content='indexed_cues', content_rowid='position', tokenize="ascii tokenchars '_'", prefix='1 2 3',
        columnsize=0
    )
    """,
    """
    CREATE TRIGGER indexed_cues_inserted AFTER INSERT ON indexed_cues BEGIN
        INSERT INTO cue_terms (rowid, terms) VALUES (new.position, new.terms);
    END
    """,
    """
    CREATE TRIGGER indexed_cues_deleted AFTER DELETE ON indexed_cues BEGIN
        INSERT INTO cue_terms (cue_terms, rowid, terms) VALUES ('delete', old.position, old.terms);
    END
    """,
)


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    collation = "C" if is_postgres else None
    op.create_table(
        "indexed_transcripts",
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("video_id", sa.String(36, collation=collation), nullable=False),
        sa.Column("owner", sa.String(128, collation=collation), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name="pk_indexed_transcripts"),
        sa.UniqueConstraint("video_id"),
        sa.ForeignKeyConstraint(
            ["video_id"], ["transcripts.video_id"], name="fk_indexed_transcripts_video_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "indexed_cues",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("owner_key", sa.BigInteger(), nullable=False),
        sa.Column("start_s", sa.Double[float](), nullable=False),
        sa.Column("end_s", sa.Double[float](), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.TSVECTOR() if is_postgres else sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_indexed_cues"),
        sa.ForeignKeyConstraint(
            ["slot"], ["indexed_transcripts.slot"], name="fk_indexed_cues_slot", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_indexed_cues_slot", "indexed_cues", ["slot"])
    if is_postgres:
        op.create_index(
            "ix_indexed_cues_terms",
            "indexed_cues",
            ["terms"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
        op.create_index("ix_indexed_cues_owner_key_position", "indexed_cues", ["owner_key", "position"])
        return
    for statement in _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """The transcripts stay; upgrading again fills the index from them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE cue_terms")
    op.drop_table("indexed_cues")
    op.drop_table("indexed_transcripts")
