from dataclasses import replace

import pytest

from domain.model.access.principal import Principal, Scope
from domain.model.access.ticket import UploadAction, UploadPermission
from domain.model.errors import Unauthenticated
from domain.model.ids import VideoId
from tests.support.builders import a_uuid
from tests.support.uploading import request_upload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

WANTED = UploadPermission(VideoId(a_uuid(99)), UploadAction.LIST)


async def issued(world: World) -> tuple[str, UploadPermission]:
    """A ticket, and what it permits."""
    video = (await request_upload(world)).signed.video
    permitted = UploadPermission(video.id, UploadAction.COMPLETE)
    return (await world.application.uploads.issue_ticket(ADA, video.id, permitted.action)).secret, permitted


async def refused(world: World, secret: str, wanted: UploadPermission) -> bool:
    """Whether the ticket is refused."""
    try:
        await world.application.uploads.redeem_ticket(secret, wanted)
    except Unauthenticated as error:
        return error.code == "invalid_ticket"
    return False


@pytest.mark.parametrize("secret", ["", "tks_", "tks_\ud800", "tks_\x00", "tks_" + "0" * 100, "'; DROP TABLE tickets"])
async def test_another_text_is_no_ticket(world: World, secret: str) -> None:
    """Whatever it contains."""
    assert await refused(world, secret, WANTED)


@pytest.mark.parametrize(("age_s", "is_valid"), [(299.9, True), (300, False)])
async def test_a_ticket_is_valid_for_its_lifetime(world: World, age_s: float, *, is_valid: bool) -> None:
    """However often it is used."""
    secret, permitted = await issued(world)
    world.clock.advance(age_s)
    assert [await refused(world, secret, permitted) for _ in range(2)] == [not is_valid] * 2


async def test_a_ticket_permits_its_own_step_only(world: World) -> None:
    """Neither another one, nor that of another video; and it opens no stream, as a ticket of a stream does no step."""
    secret, permitted = await issued(world)
    assert await refused(world, secret, replace(permitted, action=UploadAction.ABORT))
    assert await refused(world, secret, replace(permitted, video_id=WANTED.video_id))
    assert (await world.application.uploads.redeem_ticket(secret, permitted)).user_id == ADA
    with pytest.raises(Unauthenticated):
        await world.application.events.redeem_ticket(secret)
    stream = await world.application.events.issue_ticket(Principal(ADA, frozenset(Scope)))
    assert await refused(world, stream.secret, permitted)
