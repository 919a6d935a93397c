"""Removing captions that the owner uploaded."""

import pytest

from domain.model.errors import Conflict, TranscriptNotFound
from domain.model.stage import StageState
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.lifecycle import VideoStatus
from tests.support.captioning import ended, given, transcript_of
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_deleting_captions_lets_a_waiting_run_continue(world: World) -> None:
    """The run is unaffected; a second one is refused until it ends."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    await given(world, video)
    await world.application.transcripts.remove(ADA, video.id)
    with pytest.raises(Conflict) as refused:
        await world.application.transcripts.regenerate(ADA, video.id, None)
    assert refused.value.code == "transcription_in_progress"
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.DONE)
    assert (await transcript_of(world, video)).origin is TranscriptOrigin.GENERATED


async def test_generated_captions_cannot_be_deleted(world: World) -> None:
    """They can only be replaced."""
    video = await world.upload_and_process()
    with pytest.raises(Conflict) as refused:
        await world.application.transcripts.remove(ADA, video.id)
    assert refused.value.code == "generated_captions"


async def test_without_captions_there_is_nothing_to_delete(world: World) -> None:
    """The request fails, because the video has no transcript."""
    video = await world.upload()
    with pytest.raises(TranscriptNotFound):
        await world.application.transcripts.remove(ADA, video.id)
