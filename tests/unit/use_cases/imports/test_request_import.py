"""Requesting an import."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.fakes.id_generator import SequentialIdGenerator
from domain.model.access.idempotency import IdempotentRequest
from domain.model.errors import AlreadyExists, Conflict, QuotaExceeded, Rejected
from domain.model.ids import UserId
from domain.model.imports.youtube import ImportRequest
from domain.model.transcripts.hints import SpeechHints
from domain.model.videos.video import Video
from domain.use_cases.access.lookup import IdempotencyLookup
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from tests.support.importing import ASKED, ENABLED, ID, begun
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

EVE = UserId("eve")


async def test_hints_come_along(world: World) -> None:
    """Hints work as for an upload, and are validated by the same rules."""
    video = await begun(world, replace(ASKED, language="de", keywords=("Telecine",)))
    assert video.speech_hints == SpeechHints("de", ("Telecine",))
    with pytest.raises(Rejected) as refused:
        await begun(world, replace(ASKED, language="German"))
    assert refused.value.code == "invalid_language"


async def test_a_url_without_a_video_is_refused(world: World) -> None:
    """Nothing is written."""
    with pytest.raises(Rejected) as refused:
        await begun(world, ImportRequest("https://evil.example/watch?v=dQw4w9WgXcQ"))
    assert refused.value.code == "invalid_youtube_url"
    assert world.queue.sent == []


async def test_a_repeated_request_makes_nothing_new(world: World) -> None:
    """Any URL of the same video matches the key's request; another video is another request."""
    first = await begun(world, key="again")
    again = await world.application.request_import(ADA, ImportRequest(f"youtu.be/{ID}"), key="again")
    assert (again.is_replay, again.video.id) == (True, first.id)
    assert len(world.queue.sent) == 1
    with pytest.raises(Rejected) as refused:
        await begun(world, ImportRequest("AAAAAAAAAAA"), key="again")
    assert refused.value.code == "idempotency_key_reused"


async def test_concurrent_requests_create_one_video(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other requests, which found no recorded request at first, find it then."""
    recall = IdempotencyLookup.__call__

    async def slow(self: IdempotencyLookup, owner: UserId, request: IdempotentRequest) -> Video | None:
        found = await recall(self, owner, request)
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(IdempotencyLookup, "__call__", slow)
    calls = [world.application.request_import(ADA, ASKED, key="at once") for _ in range(3)]
    answers = await asyncio.gather(*calls)
    assert len({answer.video.id for answer in answers}) == 1
    assert sorted(answer.is_replay for answer in answers) == [False, True, True]


async def test_a_key_released_during_the_request_can_be_used_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request at that moment gets an error that says to retry."""
    await begun(world, key="taken")
    monkeypatch.setattr(IdempotencyLookup, "__call__", _nothing)
    with pytest.raises(Conflict) as refused:
        await begun(world, key="taken")
    assert refused.value.code == "idempotency_key_in_use"


async def _nothing(*_arguments: object) -> None:
    """Stand in for a lookup that finds no earlier request."""


async def test_a_taken_id_is_an_error(world: World) -> None:
    """Ids are random; if one repeats, no video is replaced."""
    await begun(world)
    again = wire(replace(world.adapters, ids=SequentialIdGenerator()), ENABLED)
    with pytest.raises(AlreadyExists):
        await again.request_import(ADA, ASKED)


async def test_quotas_hold_for_imports(tmp_path: Path) -> None:
    """The limits in flight and per day apply at the request, as for an upload."""
    async with open_world(tmp_path, settings=Settings(limits=LimitSettings(max_videos_in_flight_per_user=1))) as world:
        await begun(world)
        with pytest.raises(QuotaExceeded) as refused:
            await begun(world)
        assert refused.value.code == "too_many_videos_in_flight"
        await begun(world, owner=EVE)
