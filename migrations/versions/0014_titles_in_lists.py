"""Titles in the indexes of lists by time, so that a search in titles reads only an index.

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa

from adapters.sql.migration_steps import create_index, drop_index

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NEWEST = [sa.text("created_at DESC"), sa.text("id DESC")]
_KEYS = {"ix_videos_owner_newest": ["owner"], "ix_videos_owner_status_newest": ["owner", "status"]}


def upgrade() -> None:
    for name, keys in _KEYS.items():
        create_index(f"{name}_title", "videos", [*keys, *_NEWEST, "title_key"])
        drop_index(name, "videos")


def downgrade() -> None:
    for name, keys in _KEYS.items():
        create_index(name, "videos", [*keys, *_NEWEST])
        drop_index(f"{name}_title", "videos")
