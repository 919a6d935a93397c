"""The origin of a transcript, hints for transcribers, and imported videos.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_RENAME_CODE = """
    UPDATE videos SET failure = replace(failure, '"code":"{old}"', '"code":"{new}"')
    WHERE failure LIKE '%"code":"{old}"%'
"""


def upgrade() -> None:
    op.add_column("videos", sa.Column("speech_hints", sa.Text()))
    op.add_column("videos", sa.Column("youtube_id", sa.String(16)))
    op.add_column("transcripts", sa.Column("origin", sa.String(16), nullable=False, server_default="generated"))
    op.execute(_RENAME_CODE.format(old="unsupported_format", new="unsupported_codec"))


def downgrade() -> None:
    op.execute(_RENAME_CODE.format(old="unsupported_codec", new="unsupported_format"))
    op.drop_column("transcripts", "origin")
    op.drop_column("videos", "youtube_id")
    op.drop_column("videos", "speech_hints")
