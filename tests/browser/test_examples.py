"""The examples of docs/frontend.md: each is built with its locked packages, and uploads a file in Chromium."""

import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import clip
from tests.browser.bare import MIB, ROOT, Stage, running_stage
from tests.browser.videos import USER, Videos
from tests.services.missing import missing

EXAMPLES = ROOT / "docs" / "examples"
FRAMEWORKS = ("react", "vue", "svelte")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the examples are built."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, pages: Path) -> Generator[Stage]:
    """A server that the built pages may call."""
    with running_stage(tmp_path_factory.mktemp("examples"), pages) as running:
        yield running


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file that is large enough for parts; the browser reads it from the disk."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom\0\0\x02\0isommp42")
    os.truncate(path, 34 * MIB)
    return path


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_example_uploads_a_file(stage: Stage, pages: Path, page: Page, film: Path, framework: str) -> None:
    """It can be paused and resumed, and says what the video's id is."""
    _build(framework, pages / framework, stage.server.url)
    page.route("**/my-token*", lambda route: route.fulfill(body=stage.token))
    page.goto(f"{stage.page_url}{framework}/index.html")
    stage.hold()
    page.get_by_label("Video").set_input_files(film)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_have_text("paused")
    stage.bucket.pace_bytes_per_s = None
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("status")).to_contain_text("Uploaded as ")
    expect(page.get_by_label("Progress")).to_have_js_property("value", 1)


def test_a_player_of_the_ecosystem_plays_with_captions_and_pictures(
    stage: Stage, pages: Path, page: Page, tmp_path: Path
) -> None:
    """media-chrome shows the poster, the captions and the storyboard, which other origins may load."""
    videos = Videos(stage.server)
    video_id = videos.upload(clip(tmp_path))
    videos.put_captions(video_id, [(0.0, 1.0, "At the sea")])
    _build("media-chrome", pages / "media-chrome", stage.server.url)
    page.route("**/my-token", lambda route: route.fulfill(body=stage.server.token(USER)))
    page.goto(f"{stage.page_url}media-chrome/index.html?v={video_id}")
    expect(page).to_have_title("clip.mp4")
    page.get_by_role("button", name="captions").click()
    page.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function("document.querySelector('video').currentTime > 0")
    page.wait_for_function("document.querySelector('track[kind=captions]').track.cues?.[0].text === 'At the sea'")
    page.wait_for_function("document.querySelector('track[kind=metadata]').track.cues?.length > 0")


def _build(framework: str, folder: Path, api: str) -> None:
    example = EXAMPLES / framework
    node = shutil.which("node") or missing("node", "Install Node 20 or later.")
    vite = example / "node_modules" / "vite" / "bin" / "vite.js"
    if not vite.exists():
        missing("vite", f"Install the packages of the example: npm ci --prefix {example}.")
    argv = [node, str(vite), "build", "--outDir", str(folder), "--base", f"/{framework}/", "--logLevel", "warn"]
    environment = {**os.environ, "VITE_TELECINE_URL": api}
    built = subprocess.run(argv, cwd=example, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
