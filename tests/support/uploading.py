"""Client actions with presigned URLs on a world of fakes, and checks of what they leave."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Rejected
from domain.model.failure import FailureCode
from domain.model.ids import UserId
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.bucket_gateway import SignedRequest
from domain.ports.object_store import PresignedUpload
from domain.use_cases.uploads.request_upload import UploadGrant
from entrypoints.config.settings import Settings
from entrypoints.config.uploads import UploadSettings
from tests.support.world import ADA, World

CONTENT = fake_video_bytes()
TWO_PARTS = fake_video_bytes(size_bytes=MIN_PART_BYTES + 4096)
PART_SIZES = {1: MIN_PART_BYTES, 2: 4096}
HOUR_S = 3600
SMALL_PARTS = Settings(uploads=UploadSettings(multipart_part_bytes=MIN_PART_BYTES))


async def chunks_of(content: bytes, *, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    """Yield the content in chunks, as from a connection."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


def put_request(presigned: PresignedUpload, size_bytes: int) -> SignedRequest:
    """Build a PUT of this size on a presigned URL, with the required headers."""
    parts = urlsplit(presigned.url)
    key = unquote(parts.path).removeprefix("/bucket/")
    return SignedRequest(
        "PUT", key, dict(parse_qsl(parts.query)), presigned.headers.get("Content-Type"), content_length=size_bytes
    )


async def put(world: World, presigned: PresignedUpload, content: bytes) -> None:
    """Send the content on a presigned URL."""
    await world.gateway.receive(put_request(presigned, len(content)), chunks_of(content))


async def request_upload(
    world: World,
    content: bytes = TWO_PARTS,
    *,
    owner: UserId = ADA,
    strategy: UploadStrategy = UploadStrategy.MULTIPART,
    key: str | None = None,
) -> UploadGrant:
    """Request an upload of this content."""
    declared = UploadDeclaration("clip.mp4", len(content), "", strategy)
    return await world.application.uploads.request(owner, declared, key=key)


async def send_parts(world: World, video: Video, content: bytes, *numbers: int, owner: UserId = ADA) -> None:
    """Send these parts of the content on fresh URLs."""
    signed = await world.application.uploads.sign_parts(owner, video.id, numbers)
    plan = video.source.plan
    assert plan is not None
    for part in signed.parts:
        start = plan.start_of(part.number)
        await put(world, part.presigned, content[start : start + part.size_bytes])


async def upload_in_parts(world: World, content: bytes = TWO_PARTS, *, owner: UserId = ADA) -> Video:
    """Upload all parts of a new video, without reporting it complete."""
    video = (await request_upload(world, content, owner=owner)).signed.video
    plan = video.source.plan
    assert plan is not None
    await send_parts(world, video, content, *plan.numbers, owner=owner)
    return video


async def ended(world: World, video: Video, code: FailureCode) -> None:
    """Expect that the video failed with this code, and that its objects are erased, even one that arrives later."""
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert (failed.status, failed.failure.code) == (VideoStatus.FAILED, code)
    await world.run_jobs()
    assert (world.keys, world.multipart.uploads) == (set(), {})
    world.objects.objects[video.source.key] = CONTENT
    world.clock.advance(50 * HOUR_S)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set()


async def complete(world: World, video: Video) -> Video:
    """Report the upload complete."""
    return await world.application.uploads.complete(ADA, video.id)


async def completion_refused(world: World, video: Video) -> Rejected:
    """Report the upload complete, and return the refusal."""
    with pytest.raises(Rejected) as refusal:
        await complete(world, video)
    return refusal.value


def declared(size_bytes: int, strategy: UploadStrategy) -> UploadDeclaration:
    """A declaration of a clip of this size."""
    return UploadDeclaration("clip.mp4", size_bytes, "", strategy)
