"""Remember new videos, many in one commit."""

from domain.model.errors import AlreadyExists, Rejected
from domain.model.video import Video
from domain.ports.database import Database
from domain.use_cases.together import Together


class AdmitVideo:
    """Remember a new video durably before anyone is told of it.

    - Calls that come while a commit is under way share the next one: its cost is theirs together.
    - What is wrong with one of them is not the others' fault.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(self._add)

    async def __call__(self, video: Video) -> None:
        """Return when the video has committed.

        Raises:
            AlreadyExists: its id is taken.
            Rejected: the database has no form for it.
            Unavailable: the database did not take it.
        """
        try:
            await self._together(video)
        except (AlreadyExists, Rejected):
            # It may have been another one's fault: alone, everybody hears of their own.
            await self._add([video])

    async def _add(self, videos: list[Video]) -> None:
        async with self._database.write() as work:
            await work.videos.add(*videos)
