"""Saving a transcript."""

import pytest

from domain.model.failure import WarningCode
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, Confidence
from domain.model.videos.lifecycle import VideoStatus
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_the_speech_track_is_erased_after_transcription(world: World) -> None:
    """Only published objects stay in the bucket."""
    video = await world.upload_and_process()
    assert not [key for key in world.keys if "audio" in key]
    assert video.status is VideoStatus.COMPLETED


async def test_an_earlier_transcript_is_kept_if_nothing_could_be_recognised(world: World) -> None:
    """A wrong hint costs no captions; the warning says what happened."""
    video = await world.upload_and_process()
    world.transcriber.result = ChunkTranscript("Mumble.", language="de", confidence=Confidence(-2.0, 0.1))
    await world.application.transcripts.regenerate(video.owner, video.id, SpeechHints("de"))
    await world.run_jobs()
    current = await world.video(video.id)
    assert current.status is VideoStatus.COMPLETED
    assert [warning.code for warning in current.warnings] == [WarningCode.TRANSCRIPTION_FAILED]
    assert (await world.application.get_transcript(video.owner, video.id)).cues
