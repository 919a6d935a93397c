"""Imports, on a world of fakes."""

from domain.model.ids import UserId
from domain.model.imports.youtube import ImportRequest
from domain.model.videos.video import Video
from entrypoints.config.imports import ImportSettings
from entrypoints.config.settings import Settings
from tests.support.world import ADA, World

ID = "dQw4w9WgXcQ"
ASKED = ImportRequest(f"https://www.youtube.com/watch?v={ID}")
ENABLED = Settings(imports=ImportSettings(youtube_import=True, youtube_max_bytes=1_000_000))


async def begun(world: World, asked: ImportRequest = ASKED, *, owner: UserId = ADA, key: str | None = None) -> Video:
    """Request an import."""
    return (await world.application.request_import(owner, asked, key=key)).video
