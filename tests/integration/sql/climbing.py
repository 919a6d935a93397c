"""Migrates a test's database to any revision, and makes rows as the previous version writes them."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql import alembic_runner
from adapters.sql.video_rows import row_of
from domain.model.ids import VideoId
from domain.model.videos.video import Video
from tests.support.builders import a_cue

KEPT_COLUMNS = {"original_choice", "kept_original", "original_kept_until"}
LABEL_COLUMNS = {"title", "title_key", "external_id", "metadata"}
NEW_COLUMNS = (
    {"upload_id", "part_bytes", "youtube_id", "speech_hints", "event_seq", "is_growing"} | KEPT_COLUMNS | LABEL_COLUMNS
)


async def climb(engine: AsyncEngine, revision: str = "head") -> None:
    """Run the missing scripts up to this revision as the program does: on SQLite in one transaction."""
    async with engine.begin() if engine.dialect.name == "sqlite" else engine.connect() as connection:
        await connection.run_sync(alembic_runner.run_scripts, revision)


def old_row(video: Video) -> dict[str, Any]:
    """Return the columns of a video that the previous version knows."""
    return {name: value for name, value in row_of(video).items() if name not in NEW_COLUMNS}


def transcript_row(video_id: VideoId, *, origin: str = "generated", version: str | None = "1") -> dict[str, Any]:
    """Return the row of a transcript."""
    return {
        "video_id": video_id,
        "language": "en",
        "text": "Hello.",
        "cues": (a_cue(text="Hello."),),
        "origin": origin,
        "track_version": version,
    }
