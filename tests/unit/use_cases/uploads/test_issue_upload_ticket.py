from datetime import timedelta

import pytest

from domain.model.access.ticket import UploadAction, ticket_digest
from domain.model.errors import Conflict, VideoNotFound
from domain.model.ids import UserId
from domain.model.uploads.policy import UploadStrategy
from tests.support.uploading import request_upload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_ticket_is_stored_as_a_digest(world: World) -> None:
    """With the one step that it permits; expired ones are deleted."""
    video = (await request_upload(world)).signed.video
    issue = world.application.uploads.issue_ticket
    first = await issue(ADA, video.id, UploadAction.LIST)
    world.clock.advance(first.expires_in_s + 1)
    second = await issue(ADA, video.id, UploadAction.ABORT)
    (stored,) = world.database._committed.tickets.values()
    assert stored.digest == ticket_digest(second.secret)
    assert stored.upload is not None
    assert (stored.owner, stored.upload.video_id, stored.upload.action) == (ADA, video.id, UploadAction.ABORT)
    assert first.secret != second.secret


async def test_a_ticket_needs_a_multipart_upload_of_ones_own(world: World) -> None:
    """And stores nothing otherwise."""
    single = (await request_upload(world, strategy=UploadStrategy.SINGLE)).signed.video
    with pytest.raises(Conflict, match="single PUT"):
        await world.application.uploads.issue_ticket(ADA, single.id, UploadAction.LIST)
    with pytest.raises(VideoNotFound):
        await world.application.uploads.issue_ticket(UserId("bob"), single.id, UploadAction.LIST)
    assert world.database._committed.tickets == {}


@pytest.mark.parametrize(("token_s", "expected_s"), [(1000, 300), (40, 40), (-1, 0)])
async def test_a_ticket_never_outlives_its_token(world: World, token_s: int, expected_s: int) -> None:
    """Its lifetime is at most what is left of the token's."""
    video = (await request_upload(world)).signed.video
    token_expires_at = world.clock.now() + timedelta(seconds=token_s)
    issue = world.application.uploads.issue_ticket
    issued = await issue(ADA, video.id, UploadAction.LIST, token_expires_at=token_expires_at)
    assert issued.expires_in_s == expected_s
