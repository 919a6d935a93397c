"""Renewing the URL of a single PUT."""

import pytest

from domain.model.errors import Rejected
from domain.model.uploads.policy import UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from tests.support.uploading import TWO_PARTS, complete, put, request_upload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_fresh_url_takes_the_same_file(world: World) -> None:
    """It does so after the first one has expired, too; until then both are valid."""
    grant = await request_upload(world, strategy=UploadStrategy.SINGLE)
    video, first = grant.signed.video, grant.signed.presigned
    world.clock.advance(3000)
    fresh = (await world.application.uploads.renew(ADA, video.id)).presigned
    assert first is not None
    assert fresh is not None
    await put(world, first, TWO_PARTS)
    world.clock.advance(3000)
    with pytest.raises(Rejected, match="expired"):
        await put(world, first, TWO_PARTS)
    await put(world, fresh, TWO_PARTS)
    assert (await complete(world, video)).status is VideoStatus.UPLOADED
