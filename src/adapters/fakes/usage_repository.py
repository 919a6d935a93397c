"""The usage of users in memory."""

from dataclasses import replace

from adapters.fakes.tables import Tables
from domain.model.access.quota import Usage, footprint_of
from domain.model.ids import UserId
from domain.ports.usage_repository import UsageRepository


class InMemoryUsageRepository(UsageRepository):
    """A dictionary that the video repository keeps up to date; the single writer needs no locks."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def lock(self, *owners: UserId) -> dict[UserId, Usage]:
        return {owner: self._tables.usage.get(owner, Usage()) for owner in owners}

    async def recount(self, *, after: UserId | None = None) -> UserId | None:
        known = {*self._tables.usage, *(video.owner for video in self._tables.videos.values())}
        owner = min((owner for owner in known if after is None or owner > after), default=None)
        if owner is not None:
            counted = [footprint_of(video) for video in self._tables.videos.values() if video.owner == owner]
            self._tables.usage[owner] = replace(
                self._tables.usage.get(owner, Usage()),
                videos_in_flight=sum(footprint.videos_in_flight for footprint in counted),
                stored_bytes=sum(footprint.stored_bytes for footprint in counted),
                completed=sum(footprint.completed for footprint in counted),
                failed=sum(footprint.failed for footprint in counted),
            )
        return owner
