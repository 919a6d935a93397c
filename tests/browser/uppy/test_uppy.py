"""Uppy 4, 5 and 6, by their real packages in Chromium, on a page of another origin."""

import json
import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any, cast

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Request

from adapters.fakes.transcoder import fake_video_bytes
from tests.browser.uppy.bundles import VERSIONS, Version, bundle
from tests.browser.watched import Watch
from tests.e2e.processes import Telecine, wait_until
from tests.services.ports import free_port
from tests.services.proxy import Fault, InjectedFault, Proxy, running_proxy
from tests.services.threaded_server import ThreadedServer

FILE_BYTES = 60_000_000  # Four parts of 16 MiB.
PART = re.compile(r"[?&]partNumber=(\d+)")


class Files(SimpleHTTPRequestHandler):
    """Serves the bundles without a log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        """Write no log."""


@dataclass(frozen=True)
class Site:
    """A page of each version, on another origin than the API, which is reached through a proxy that can cut."""

    origin: str
    proxy: Proxy
    server: Telecine
    token: str
    file: Path

    def get(self, path: str) -> dict[str, Any]:
        """Ask the API."""
        answer = httpx.get(f"{self.server.url}{path}", headers={"Authorization": f"Bearer {self.token}"})
        return cast("dict[str, Any]", answer.raise_for_status().json())

    @property
    def newest(self) -> dict[str, Any]:
        """The video that was created last."""
        return cast("dict[str, Any]", self.get("/api/videos?limit=1")["items"][0])

    def received_parts(self) -> list[int]:
        """The parts of the newest video that the bucket has."""
        return cast("list[int]", self.get(f"/api/videos/{self.newest['video_id']}/upload")["received_parts"])


@contextmanager
def serving(folder: Path) -> Generator[str]:
    """Serve the folder; the origin is returned."""
    server = ThreadedServer(("127.0.0.1", 0), partial(Files, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Site]:
    """The bundles, the API and the proxy between them."""
    folder = tmp_path_factory.mktemp("uppy")
    for version in VERSIONS:
        bundle(version, folder / "pages" / version.name)
    file = folder / "recording.mp4"
    file.write_bytes(fake_video_bytes(size_bytes=FILE_BYTES))
    server = Telecine(folder / "data", free_port())
    with ExitStack() as stack:
        origin = stack.enter_context(serving(folder / "pages"))
        proxy = stack.enter_context(running_proxy(server.url))
        server.environment.update(
            TELECINE_CORS_ALLOWED_ORIGINS=origin, TELECINE_PUBLIC_URL=proxy.url, TELECINE_TRANSCRIBER="none"
        )
        stack.callback(server.kill)
        server.start()
        yield Site(origin, proxy, server, server.token(), file)


@pytest.fixture(params=VERSIONS, ids=lambda version: version.name)
def version(request: pytest.FixtureRequest) -> Version:
    """Each version of Uppy in turn."""
    return cast("Version", request.param)


@pytest.fixture
def uppy(site: Site, version: Version, context: BrowserContext, watch: Watch) -> Generator[Page]:
    """The page of this version; Uppy writes the errors that the tests provoke to the console."""
    context.add_init_script(f"globalThis.settings = {json.dumps({'api': site.proxy.url, 'token': site.token})}")
    opened = context.new_page()
    opened.goto(f"{site.origin}/{version.name}/index.html")
    yield opened
    watch.errors.clear()
    site.proxy.injected_faults.clear()


def sent_parts(page: Page) -> list[int]:
    """Record the numbers of the parts that the page sends from now on."""
    numbers: list[int] = []

    def record(request: Request) -> None:
        part = PART.search(request.url)
        if part and request.method == "PUT":
            numbers.append(int(part[1]))

    page.on("request", record)
    return numbers


def hold(site: Site, number: int) -> InjectedFault:
    """Keep this part from arriving until the fault's `times` are set to 0.

    The proxy does it, because Playwright's interception copies the body of every request. The server closes a
    connection on which nothing arrives, and Uppy then sends the part again, so more than one attempt is held.
    """
    return site.proxy.inject(rf"PUT \S*[?&]partNumber={number}\b", Fault.DELAY, times=1000, delay_s=3600)


def begin(page: Page, file: Path) -> None:
    """Choose the file and start the upload."""
    page.set_input_files("input", file)
    page.wait_for_function("uppy.getFiles().length === 1")
    page.evaluate("void uppy.upload().catch(() => {})")


def finished(page: Page) -> list[str]:
    """The ids of the videos, once there is one or an error."""
    page.wait_for_function("seen.videos.length + seen.errors.length > 0")
    seen = cast("dict[str, list[str]]", page.evaluate("seen"))
    assert seen["errors"] == []
    return seen["videos"]


def test_a_cut_part_and_a_reload_lose_nothing(site: Site, uppy: Page) -> None:
    """60 MB in parts: a cut part is sent again, and after a reload only what the bucket does not have."""
    cut = site.proxy.inject(r"PUT \S*[?&]partNumber=2\b", Fault.RESET)
    held = hold(site, 3)
    begin(uppy, site.file)
    wait_until(lambda: cut.hits == 1 and {1, 2} <= {*site.received_parts()})
    uppy.wait_for_function("isStored()")
    received = {*site.received_parts()}
    uppy.reload()
    held.times = 0
    numbers = sent_parts(uppy)
    uppy.wait_for_function("uppy.getFiles().length === 1 && uppy.getFiles()[0].data instanceof Blob")
    uppy.evaluate("uppy.emit('restore-confirmed')")
    (video_id,) = finished(uppy)
    assert sorted(numbers) == sorted({1, 2, 3, 4} - received)
    video = site.get(f"/api/videos/{video_id}")
    assert (video["video_id"], video["size_bytes"]) == (site.newest["video_id"], FILE_BYTES)
    assert video["status"] != "uploading"


def test_a_cancelled_upload_is_cancelled_in_the_bucket(site: Site, uppy: Page) -> None:
    """Uppy aborts it, and the parts are erased."""
    hold(site, 3)
    begin(uppy, site.file)
    wait_until(lambda: site.newest["status"] == "uploading" and 2 in site.received_parts())
    uppy.evaluate("uppy.cancelAll()")
    wait_until(lambda: site.newest["status"] == "failed")
    assert site.newest["failure"]["code"] == "upload_cancelled"
    assert site.received_parts() == []


def test_a_file_that_is_no_video_is_refused_in_words(site: Site, uppy: Page, tmp_path: Path) -> None:
    """The refusal of Telecine reaches the page, whether it comes before the upload or after it."""
    for name, expected in (("notes.txt", "must end in one of"), ("notes.mp4", "not in a supported")):
        file = tmp_path / name
        file.write_bytes(b"These are only notes. " * 100)
        begin(uppy, file)
        uppy.wait_for_function("seen.errors.length > 0")
        assert expected in uppy.evaluate("seen.errors.splice(0).join()")
        uppy.evaluate("uppy.cancelAll()")
    assert uppy.evaluate("seen.videos") == []


def test_a_small_file_may_be_one_put(site: Site, uppy: Page, version: Version, tmp_path: Path) -> None:
    """The bucket's URL with the signed type; the page reports it complete, because the plugin sends nothing more."""
    file = tmp_path / "small.mp4"
    file.write_bytes(fake_video_bytes(size_bytes=1_000_000))
    uppy.evaluate(
        "(uppy.getPlugin('AwsS3') ?? uppy.getPlugin('AwsS3Multipart')).setOptions({shouldUseMultipart: false})"
    )
    begin(uppy, file)
    (video_id,) = finished(uppy)
    progress = site.get(f"/api/videos/{video_id}/upload")
    assert (progress["strategy"], progress["received_bytes"]) == ("single", 1_000_000)
    if version.name == "v6":
        assert progress["status"] == "uploading"
        uppy.evaluate("videoId => uppy.completeSinglePut(videoId)", video_id)
    assert site.get(f"/api/videos/{video_id}")["status"] != "uploading"


@pytest.mark.parametrize("version", [version for version in VERSIONS if version.name == "v6"], ids=["v6"])
def test_the_adapter_repeats_what_was_lost(site: Site, uppy: Page, version: Version, tmp_path: Path) -> None:
    """With a fresh token after a refused one, and on the same URL of a step; there is one video in the end."""
    file = tmp_path / "small.mp4"
    file.write_bytes(fake_video_bytes(size_bytes=6_000_000))
    before = site.newest["video_id"]
    lost = [
        site.proxy.inject(pattern, Fault.LOSE_ANSWER)
        for pattern in (r"POST /api/videos/upload/presigned", r"POST /api/s3/\S+/create", r"POST /api/s3/\S+/complete")
    ]
    uppy.goto(f"{site.origin}/{version.name}/index.html?stale")
    begin(uppy, file)
    assert finished(uppy) == [site.newest["video_id"]]
    assert [each.hits for each in lost] == [1, 1, 1]
    assert site.get("/api/videos?limit=2")["items"][1]["video_id"] == before
    assert site.newest["status"] != "uploading"
