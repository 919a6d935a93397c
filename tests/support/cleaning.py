"""The clean-up, on a world of fakes."""

from domain.model.ids import VideoId
from domain.model.object_key import ObjectKey, source_key
from domain.use_cases.retention.clean_up import CleanUpReport
from tests.support.builders import a_uuid
from tests.support.world import ADA, World


async def clean(world: World, *, is_confirmed: bool = False) -> CleanUpReport:
    """Run the whole clean-up now."""
    return await world.application.clean_up.run_all(is_confirmed=is_confirmed)


async def settled(world: World) -> set[ObjectKey]:
    """Process a video, and return the keys that it needs in the bucket."""
    await world.upload_and_process()
    return world.keys


def fill(world: World, count: int) -> None:
    """Store this many orphans."""
    for number in range(count):
        world.objects.objects[source_key(ADA, VideoId(a_uuid(10_000 + number)), ".mp4")] = b"orphan"
