from pathlib import Path

import pytest
from msgspec.structs import replace

from entrypoints.bootstrap.bootstrap import open_adapters
from entrypoints.bootstrap.roles import Role
from entrypoints.config.imports import ImportSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import SettingsError

pytestmark = pytest.mark.anyio

IMPORTING = ImportSettings(youtube_import=True)


async def test_a_worker_does_not_start_without_its_cookie_file(tmp_path: Path) -> None:
    """YouTube would refuse its imports for no apparent reason; an API does not need the file."""
    settings = Settings(
        storage=StorageSettings(data_dir=tmp_path / "state"),
        imports=replace(IMPORTING, youtube_cookies_file=tmp_path / "absent"),
        transcription=TranscriptionSettings(transcriber="none"),
    )
    with pytest.raises(SettingsError, match="TELECINE_YOUTUBE_COOKIES_FILE"):
        async with open_adapters(settings, Role.WORKER):
            pass
    async with open_adapters(settings, Role.API):
        pass
