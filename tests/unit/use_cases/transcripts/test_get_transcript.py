"""Reading a transcript."""

import pytest

from domain.model.errors import TranscriptNotFound
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_transcript_is_absent_until_it_is_made(world: World) -> None:
    """A missing transcript is an error, not an empty transcript."""
    video = await world.upload()
    with pytest.raises(TranscriptNotFound):
        await world.application.get_transcript(ADA, video.id)
