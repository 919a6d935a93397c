"""Check whether the database and the bucket answer."""

from dataclasses import dataclass

from domain.model.errors import Unavailable
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """Check whether the database and the bucket can be used now."""

    database: Database
    objects: ObjectStore

    async def __call__(self) -> dict[str, str]:
        """`ok` or the error's code, by dependency: `database` and `object_store`."""
        return {
            name: await self._state(dependency)
            for name, dependency in (("database", self.database), ("object_store", self.objects))
        }

    async def _state(self, dependency: Database | ObjectStore) -> str:
        try:
            await dependency.check()
        except Unavailable as error:
            return error.code
        return "ok"
