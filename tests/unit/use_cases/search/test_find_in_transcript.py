"""Searching in one transcript."""

import pytest

from domain.model.errors import Rejected, TranscriptNotFound, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.search.matching import Highlight
from tests.support.builders import a_uuid
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

VTT = b"""WEBVTT

00:01.000 --> 00:02.000
Red apples

00:03.000 --> 00:04.000
Pears

00:05.000 --> 00:06.000
An APPLE
"""


async def test_only_matching_cues_are_shown(world: World) -> None:
    """In their order, with the ranges that match."""
    video = await world.upload()
    await world.application.transcripts.replace(ADA, video.id, VTT, language="en")
    found = await world.application.search.in_transcript(ADA, video.id, "appl*")
    assert [cue.text for cue in found.transcript.cues] == ["Red apples", "An APPLE"]
    assert (found.transcript.text, found.transcript.language) == ("Red apples An APPLE", "en")
    assert found.highlights == ((Highlight(4, 10),), (Highlight(3, 8),))
    assert (await world.application.search.in_transcript(ADA, video.id, "plums")).transcript.cues == ()


async def test_a_search_needs_a_transcript_and_a_word(world: World) -> None:
    """Another user's video is as absent as one that does not exist."""
    video = await world.upload()
    search = world.application.search.in_transcript
    with pytest.raises(TranscriptNotFound):
        await search(ADA, video.id, "apple")
    with pytest.raises(VideoNotFound):
        await search(UserId("bob"), video.id, "apple")
    with pytest.raises(VideoNotFound):
        await search(ADA, VideoId(a_uuid(9)), "apple")
    with pytest.raises(Rejected) as rejected:
        await search(ADA, video.id, '"')
    assert rejected.value.code == "empty_query"
