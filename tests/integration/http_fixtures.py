"""The HTTP API in this process: over fakes, over the embedded adapters, or over Postgres and an S3 server."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import httpx
from litestar import Litestar
from msgspec.structs import replace
from sqlalchemy import select

from adapters.fakes.transcoder import fake_video_bytes
from adapters.sql.database import SqlDatabase
from adapters.sql.tables import metadata
from domain.model.errors import NotFound
from domain.model.ids import UserId, VideoId
from domain.model.jobs.payloads import JobKind
from domain.ports.multipart_store import UnfinishedUpload
from domain.ports.token_authority import TokenAuthority
from entrypoints.application import Application
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.roles import Role
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.uploads import UploadSettings
from entrypoints.config.values import Secret
from tests.integration.reused_apps import running_app
from tests.services.postgres import PostgresServer
from tests.services.s3 import S3Server
from tests.services.sqlite import migrated_in
from tests.support.world import ADA, World, open_world

URL = "http://telecine.test"
PRESIGNED = "/api/videos/upload/presigned"
CONTENT = fake_video_bytes()
PROBLEM = "application/problem+json"
BOB = UserId("bob")
PART_BYTES = 5 * 1024 * 1024
SMALL_PARTS = Settings(uploads=UploadSettings(multipart_part_bytes=PART_BYTES))
THREE_PARTS = fake_video_bytes(size_bytes=2 * PART_BYTES + 1000)


@dataclass(frozen=True)
class Api:
    """The API, and a client of it with Ada's token."""

    app: Litestar
    http: httpx.AsyncClient
    tokens: TokenAuthority
    remembered: Callable[[], Awaitable[object]]
    """Everything that is stored, in a form that can be compared."""

    @property
    def application(self) -> Application:
        """The application behind the API."""
        return cast("Application", self.app.state["application"])

    def speaking_for(self, user: UserId) -> dict[str, str]:
        """The headers of a request of this user."""
        return {"Authorization": f"Bearer {self.tokens.issue(user, lifetime_s=600)}"}

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return self.app.openapi_schema.to_schema()

    async def grant(
        self,
        content: bytes = CONTENT,
        filename: str = "clip.mp4",
        *,
        headers: dict[str, str] | None = None,
        **declared: object,
    ) -> dict[str, Any]:
        """Request an upload of this content."""
        body = {"filename": filename, "file_size": len(content), "content_type": "", **declared}
        answer = await self.http.post(PRESIGNED, json=body, headers=headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return cast("dict[str, Any]", answer.json())

    async def sent(self, url: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """The bucket's response to a PUT without Ada's token; R2 allows one write per key at a time."""
        async with _client(self.app) as unauthenticated, asyncio.timeout(60):
            while True:
                answer = await unauthenticated.put(url, content=content, headers=headers)
                if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                    return answer
                await asyncio.sleep(0.05)

    async def refuses(self, url: str, content: bytes, headers: dict[str, str]) -> bool:
        """Whether the bucket rejects this PUT; some buckets close the connection on a body that they reject."""
        try:
            return (await self.sent(url, content, headers)).status_code in {400, 403, 404}
        except httpx.TransportError:
            return True

    async def put(self, grant: dict[str, Any], content: bytes = CONTENT) -> None:
        """Send the content as the grant requires."""
        answer = await self.sent(grant["upload_url"], content, grant["headers"])
        assert answer.status_code == httpx.codes.OK, answer.text

    async def put_parts(self, parts: list[dict[str, Any]], content: bytes) -> None:
        """Send these parts of the content as they were signed."""
        for part in parts:
            start = (part["part_number"] - 1) * PART_BYTES
            piece = content[start : start + PART_BYTES]
            assert len(piece) == part["size"]
            answer = await self.sent(part["url"], piece, part["headers"])
            assert answer.status_code == httpx.codes.OK, answer.text

    async def upload(self, video_id: str, method: str = "GET", below: str = "", **request: Any) -> httpx.Response:  # noqa: ANN401 (what httpx takes)
        """Send a request about the video's upload."""
        return await self.http.request(method, f"/api/videos/{video_id}/upload{below}", **request)

    async def complete(self, video_id: str, *, success: bool = True) -> httpx.Response:
        """Report the result of the upload."""
        return await self.upload(video_id, "POST", "/complete", json={"success": success})

    async def status(self, video_id: str) -> dict[str, Any]:
        """The status of the video."""
        return cast("dict[str, Any]", (await self.http.get(f"/api/videos/{video_id}/status")).json())

    async def shown_videos(self, user: UserId = ADA) -> list[str]:
        """The ids of a user's videos."""
        answer = await self.http.get("/api/videos?limit=100", headers=self.speaking_for(user))
        return [video["video_id"] for video in answer.json()["items"]]

    async def process_jobs(self, video_id: str) -> int:
        """The number of jobs that process the video."""
        async with self.application.check_health.database.read() as work:
            jobs = await work.jobs.of_video(VideoId(video_id))
        return len([job for job in jobs if job.kind is JobKind.PROCESS])


@dataclass(frozen=True)
class WorldApi(Api):
    """The API over fakes that a test may inspect and change."""

    world: World

    async def uploaded(self) -> str:
        """Upload a video through the API; returns its id."""
        grant = await self.grant()
        await self.put(grant)
        assert (await self.complete(grant["video_id"])).status_code == httpx.codes.OK
        video_id: str = grant["video_id"]
        return video_id

    async def processed(self) -> str:
        """Upload a video and run all its jobs; returns its id."""
        video_id = await self.uploaded()
        await self.world.run_jobs()
        return video_id


@asynccontextmanager
async def world_api(
    folder: Path, *, settings: Settings | None = None, has_transcriber: bool = True
) -> AsyncGenerator[WorldApi]:
    """The API over a new world."""
    settings = settings or Settings()
    settings = replace(settings, server=replace(settings.server, public_url=URL))
    async with (
        open_world(folder, settings=settings, has_transcriber=has_transcriber) as world,
        _serving(lambda: nullcontext(world.application)) as (app, http),
    ):
        api = WorldApi(app, http, world.tokens, lambda: _remembered_by(world), world)
        http.headers.update(api.speaking_for(ADA))
        yield api


@asynccontextmanager
async def embedded_api(folder: Path, *, settings: Settings | None = None) -> AsyncGenerator[Api]:
    """The API over SQLite and a folder, without a worker."""
    migrated_in(folder)
    async with _api(_embedded(folder, settings)) as api:
        yield api


@asynccontextmanager
async def production_api(
    folder: Path, postgres: PostgresServer, s3: S3Server, *, settings: Settings | None = None
) -> AsyncGenerator[Api]:
    """The API over a separate database and bucket, without a worker."""
    url, bucket = await postgres.migrated_database(), s3.config(bucket=s3.new_bucket())
    settings = replace(
        _embedded(folder, settings),
        tokens=TokenSettings(jwt_secret=Secret("0123456789abcdef" * 2)),
        database=DatabaseSettings(url=Secret(url)),
        storage=StorageSettings(
            data_dir=folder,
            s3_bucket=bucket.bucket,
            s3_endpoint_url=bucket.endpoint_url,
            s3_region=bucket.region,
            s3_access_key_id=bucket.access_key_id,
            s3_secret_access_key=Secret(bucket.secret_access_key),
        ),
    )
    async with _api(settings) as api:
        yield api
    postgres.drop(url)


def _embedded(folder: Path, settings: Settings | None) -> Settings:
    """The settings in this folder, without a transcriber."""
    settings = settings or Settings()
    return replace(
        settings,
        storage=replace(settings.storage, data_dir=folder),
        transcription=replace(settings.transcription, transcriber="none"),
        server=replace(settings.server, public_url=URL),
    )


@asynccontextmanager
async def _api(settings: Settings) -> AsyncGenerator[Api]:
    async with _serving(lambda: bootstrap(settings, Role.API)) as (app, http):
        application = cast("Application", app.state["application"])
        api = Api(app, http, application.tokens, lambda: _stored_by(application))
        http.headers.update(api.speaking_for(ADA))
        yield api


@asynccontextmanager
async def _serving(
    opening: Callable[[], AbstractAsyncContextManager[Application]],
) -> AsyncGenerator[tuple[Litestar, httpx.AsyncClient]]:
    async with running_app(opening) as app, _client(app) as http:
        yield app, http


def _client(app: Litestar) -> httpx.AsyncClient:
    """A client that reaches the API in this process and the S3 server outside of it."""
    return httpx.AsyncClient(
        # Litestar and httpx describe the same ASGI messages by different types.
        transport=httpx.ASGITransport(cast("Any", app)),
        mounts={"all://127.0.0.1": httpx.AsyncHTTPTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))},
        base_url=URL,
        trust_env=False,
    )


async def _remembered_by(world: World) -> object:
    objects, uploads = (
        dict(world.objects.objects),
        {key: dict(each.parts) for key, each in world.multipart.uploads.items()},
    )
    return world.database._committed, objects, uploads, list(world.queue.sent)


async def _stored_by(application: Application) -> object:
    """Every row, every object and every unfinished upload."""
    database = cast("SqlDatabase", application.check_health.database)
    async with database._engine.connect() as connection:
        rows = {
            table.name: sorted(map(repr, await connection.execute(select(table)))) for table in metadata.sorted_tables
        }
    objects = sorted(await application.check_health.objects.list_keys(""))
    return rows, objects, sorted([upload.upload_id async for upload in _unfinished(application)])


async def _unfinished(application: Application) -> AsyncGenerator[UnfinishedUpload]:
    # Rclone answers NoSuchUpload for a bucket in which no upload was ever created.
    with suppress(NotFound):
        for upload in await application.clean_up.multipart.list_uploads(""):
            yield upload
