"""The HTTP API in this process: over a world of fakes, or over the embedded adapters."""

import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
from litestar import Litestar

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.identity import UserId
from domain.ports.token_authority import TokenAuthority
from entrypoints.application import Application
from entrypoints.bootstrap import Role, bootstrap
from entrypoints.http.app import create_app
from entrypoints.settings import Settings
from tests.world import ADA, World, opened_world

URL = "http://telecine.test"
PRESIGNED = "/api/videos/upload/presigned"
CONTENT = fake_video_bytes()
PROBLEM = "application/problem+json"
BOB = UserId("bob")


@dataclass(frozen=True)
class Api:
    """The API and a client of it that speaks for Ada."""

    app: Litestar
    http: httpx.AsyncClient
    tokens: TokenAuthority
    remembered: Callable[[], Awaitable[object]]
    """Everything that is stored, in a form that can be compared."""

    def speaking_for(self, user: UserId) -> dict[str, str]:
        """The headers of somebody's request."""
        return {"Authorization": f"Bearer {self.tokens.issue(user, lifetime_s=600)}"}

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return self.app.openapi_schema.to_schema()

    async def grant(self, content: bytes = CONTENT, filename: str = "clip.mp4") -> dict[str, Any]:
        """Ask to upload this content."""
        body = {"filename": filename, "file_size": len(content), "content_type": ""}
        answer = await self.http.post(PRESIGNED, json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return cast("dict[str, Any]", answer.json())

    async def put(self, grant: dict[str, Any], content: bytes = CONTENT) -> None:
        """Send the content as the grant says, with nothing of Ada's in the request."""
        async with _client(self.app) as anybody:
            answer = await anybody.put(grant["upload_url"], content=content, headers=grant["headers"])
        assert answer.status_code == httpx.codes.OK, answer.text

    async def complete(self, video_id: str, *, success: bool = True) -> httpx.Response:
        """Report how the upload ended."""
        return await self.http.post(f"/api/videos/{video_id}/upload/complete", json={"success": success})


@dataclass(frozen=True)
class WorldApi(Api):
    """The API over fakes that a test may look at and change."""

    world: World

    async def uploaded(self) -> str:
        """The id of a video that was uploaded through the API."""
        grant = await self.grant()
        await self.put(grant)
        assert (await self.complete(grant["video_id"])).status_code == httpx.codes.OK
        video_id: str = grant["video_id"]
        return video_id

    async def processed(self) -> str:
        """The id of a video after all its work."""
        video_id = await self.uploaded()
        await self.world.run_jobs()
        return video_id


@asynccontextmanager
async def world_api(folder: Path) -> AsyncGenerator[WorldApi]:
    """The API over a new world."""
    async with opened_world(folder) as world, _serving(lambda: nullcontext(world.application)) as (app, http):
        api = WorldApi(app, http, world.tokens, lambda: _remembered_by(world), world)
        http.headers.update(api.speaking_for(ADA))
        yield api


@asynccontextmanager
async def embedded_api(folder: Path) -> AsyncGenerator[Api]:
    """The API over SQLite and a folder, with nobody to do the work."""
    settings = Settings(data_dir=folder, transcriber="none", public_url=URL)
    async with _serving(lambda: bootstrap(settings, Role.API)) as (app, http):
        tokens = cast("Application", app.state["application"]).tokens
        api = Api(app, http, tokens, lambda: _stored_in(folder))
        http.headers.update(api.speaking_for(ADA))
        yield api


@asynccontextmanager
async def _serving(
    opening: Callable[[], AbstractAsyncContextManager[Application]],
) -> AsyncGenerator[tuple[Litestar, httpx.AsyncClient]]:
    app = create_app(opening)
    async with app.lifespan(), _client(app) as http:
        yield app, http


def _client(app: Litestar) -> httpx.AsyncClient:
    # Litestar and httpx describe the same ASGI messages by different types.
    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url=URL)


async def _remembered_by(world: World) -> object:
    return world.database._committed, dict(world.objects.objects), list(world.queue.sent)


async def _stored_in(folder: Path) -> object:
    with closing(sqlite3.connect(folder / "telecine.db")) as connection:
        rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("videos", "jobs")]  # noqa: S608 (no input)
    return rows, sorted(str(path) for path in (folder / "bucket").rglob("*"))
