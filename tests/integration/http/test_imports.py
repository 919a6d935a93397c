"""Importing from YouTube through the API."""

import asyncio
from collections.abc import AsyncGenerator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from domain.model.jobs import retry
from domain.model.jobs.job import Job
from entrypoints.application import Application
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.roles import Role
from entrypoints.config.imports import TEST_SITE_VARIABLE, ImportSettings
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.transcription import TranscriptionSettings
from tests.integration.http.test_steps import status_and_code
from tests.integration.http_fixtures import BOB, URL, Api, WorldApi, embedded_api, world_api
from tests.media import make
from tests.services.video_site import Page, running_video_site

pytestmark = pytest.mark.anyio

PATH = "/api/videos/youtube"
ID = "dQw4w9WgXcQ"
WATCH = f"https://www.youtube.com/watch?v={ID}"
ENABLED = Settings(
    imports=ImportSettings(youtube_import=True, youtube_max_bytes=10_000_000),
    transcription=TranscriptionSettings(transcriber="none"),
    server=ServerSettings(public_url=URL),
    storage=StorageSettings(disk_reserve_bytes=0),
)
KEY = {"Idempotency-Key": "import 1"}


@pytest.fixture
async def importing(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """The API of an installation with imports enabled, over fakes."""
    async with world_api(tmp_path, settings=ENABLED) as opened:
        yield opened


async def request_import(
    api: Api, url: str = WATCH, headers: dict[str, str] | None = None, **more: object
) -> httpx.Response:
    """Request the import of a video."""
    return await api.http.post(PATH, json={"url": url, **more}, headers=headers)


async def test_an_import_is_begun(importing: WorldApi) -> None:
    """201 as for an upload, with the id found in the URL; nothing else is known of the video yet."""
    answer = await request_import(importing, f"https://youtu.be/{ID}?si=x", language="de", keywords=["Telecine"])
    body = answer.json()
    assert answer.status_code == httpx.codes.CREATED, answer.text
    assert body == {
        "video_id": body["video_id"],
        "youtube_id": ID,
        "status_url": f"/api/videos/{body['video_id']}/status",
        "status": "uploading",
    }
    status = (await importing.http.get(body["status_url"])).json()
    assert (status["status"], status["stages"][0]["state"]) == ("uploading", "running")
    shown = (await importing.http.get(f"/api/videos/{body['video_id']}")).json()
    assert (shown["filename"], shown["size_bytes"]) == (f"youtube-{ID}.mp4", 0)


async def test_an_import_becomes_a_video(importing: WorldApi) -> None:
    """With the lifecycle and the responses of an upload; another user cannot see it."""
    video_id = (await request_import(importing)).json()["video_id"]
    await importing.world.run_jobs()
    status = await importing.status(video_id)
    assert (status["status"], status["playable"]) == ("completed", True)
    shown = (await importing.http.get(f"/api/videos/{video_id}")).json()
    assert (shown["filename"], shown["r2_key"]) == ("A day out.mp4", f"videos/ada/{video_id}.1.mp4")
    foreign = await importing.http.get(f"/api/videos/{video_id}", headers=importing.speaking_for(BOB))
    assert status_and_code(foreign) == (404, "video_not_found")


async def test_a_repeated_request_gets_the_first_answer(importing: WorldApi) -> None:
    """Whatever the state of the video."""
    first = await request_import(importing, headers=KEY)
    await importing.world.run_jobs()
    second = await request_import(importing, ID, headers=KEY)
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert status_and_code(await request_import(importing, "AAAAAAAAAAA", headers=KEY)) == (
        422,
        "idempotency_key_reused",
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "https://evil.example/watch?v=dQw4w9WgXcQ"}, 400, "invalid_youtube_url"),
        ({"url": ""}, 400, "invalid_youtube_url"),
        ({"url": WATCH, "language": "German"}, 422, "invalid_language"),
        ({"url": 1}, 400, "invalid_request"),
        ({"url": WATCH, "format": "best"}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
    ],
)
async def test_an_invalid_import_is_refused(
    importing: WorldApi, body: dict[str, object], status: int, code: str
) -> None:
    """Before anything is stored."""
    before = await importing.remembered()
    assert status_and_code(await importing.http.post(PATH, json=body)) == (status, code)
    assert await importing.remembered() == before


async def test_without_imports_nothing_is_imported(api: WorldApi) -> None:
    """They are disabled by default; whatever the URL."""
    assert status_and_code(await request_import(api)) == (403, "youtube_import_disabled")
    assert status_and_code(await request_import(api, "nonsense")) == (403, "youtube_import_disabled")


async def test_an_import_is_no_upload(importing: WorldApi) -> None:
    """Every call of the upload protocol is rejected, except reading its progress and cancelling."""
    video_id = (await request_import(importing)).json()["video_id"]
    for method, below, body in (
        ("POST", "/complete", {"success": True}),
        ("POST", "/complete", {"success": False}),
        ("POST", "/presigned", None),
        ("POST", "/parts", {"part_numbers": [1]}),
    ):
        assert status_and_code(await importing.upload(video_id, method, below, json=body)) == (409, "imported_video")
    assert (await importing.upload(video_id)).json()["received_bytes"] == 0
    assert (await importing.upload(video_id, "DELETE")).status_code == HTTPStatus.NO_CONTENT
    failure = (await importing.status(video_id))["failure"]
    assert (failure["stage"], failure["code"]) == ("upload", "upload_cancelled")


async def test_a_video_comes_from_a_real_site_to_the_player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requested over HTTP, fetched at the second attempt, compressed by ffmpeg, stored in SQLite and a folder."""
    make.video(tmp_path / "video.mp4", duration_s=1, width=160, height=120, sound=None)
    settings = replace(ENABLED, storage=replace(ENABLED.storage, data_dir=tmp_path / "state"))
    monkeypatch.setattr(retry, "BACKOFF_BASE_S", 0.0)
    with running_video_site(tmp_path) as site:
        site.script.append(Page(503))
        monkeypatch.setenv(TEST_SITE_VARIABLE, site.watch_url)
        async with (
            embedded_api(settings.storage.data_dir, settings=settings) as api,
            bootstrap(settings, Role.WORKER) as worker,
        ):
            video_id = (await request_import(api)).json()["video_id"]
            await work_off(worker)
            shown = (await api.http.get(f"/api/videos/{video_id}")).json()
            played = await api.http.get((await api.http.get(f"/api/videos/{video_id}/playback")).json()["url"])
            keys = await worker.check_health.objects.list_keys("videos/")
    assert (shown["status"], shown["failure"], shown["stages"][0]["attempt"]) == ("completed", None, 2)
    assert (shown["filename"], shown["media"]["width"]) == ("watch.mp4", 160)
    assert site.requested_urls == [f"/watch?v={ID}"] * 3
    assert played.content[4:8] == b"ftyp"
    assert keys == []


async def work_off(worker: Application) -> None:
    """Run every due job, and the jobs that it creates."""
    async with asyncio.timeout(60):
        while due := await due_jobs(worker):
            for each in due:
                await worker.run_job(each.id)


async def due_jobs(worker: Application) -> list[Job]:
    """The jobs that wait for a worker, sent or not."""
    async with worker.check_health.database.read() as work:
        return await work.jobs.due(limit=10, resend_after_s=-1.0)


async def test_an_import_takes_labels(importing: WorldApi) -> None:
    """Without a title, that of the site is the title, because the file is named after it."""
    labels = {"external_id": "order-1042", "metadata": {"week": 3}}
    bodies = ({"url": WATCH, **labels, "title": "A day"}, {"url": WATCH, **labels})
    made = [(await importing.http.post(PATH, json=body)).json()["video_id"] for body in bodies]
    shown = [(await importing.http.get(f"/api/videos/{video_id}")).json() for video_id in made]
    assert [video["title"] for video in shown] == ["A day", f"youtube-{ID}.mp4"]
    assert all({name: video[name] for name in labels} == labels for video in shown)
