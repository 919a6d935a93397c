"""Recordings in Chromium that are uploaded while they grow."""

import re
from collections.abc import Generator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.acts import tray
from tests.browser.bare import PART_BYTES, Stage, running_stage, uploaded, wait_for
from tests.browser.watched import Watch
from tests.e2e.processes import Telecine

PLAYED_S = """async (url) => {
  const video = Object.assign(document.createElement("video"), { muted: true, src: url });
  document.body.append(video);
  await video.play();
  await new Promise((resolve) => (video.ontimeupdate = () => video.currentTime > 0.5 && resolve()));
  return video.duration;
}"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    """The server, its bucket behind a proxy, and the page's server."""
    with running_stage(tmp_path_factory.mktemp("recording")) as running:
        yield running


@pytest.fixture
def recording(stage: Stage, context: BrowserContext, page: Page) -> Page:
    """A page that may use the microphone."""
    context.grant_permissions(["microphone"], origin=stage.page_url)
    stage.open(page)
    return page


def test_a_recording_is_sent_before_it_stops(stage: Stage, recording: Page) -> None:
    """Most of it has arrived when it stops; the video plays, and is no longer than the recording."""
    stage.record(recording, until="completed")
    wait_for(recording, f"upload.progress.sentBytes >= {2 * PART_BYTES}")
    seconds, before_stop = recording.evaluate("[performance.now() / 1000, upload.progress.sentBytes]")
    assert recording.evaluate("upload.capture.state") == "recording"
    recording.evaluate("void upload.stop()")
    video = uploaded(recording)
    assert before_stop > video["size_bytes"] / 2
    assert video["filename"] == "recording.webm"
    assert stage.bucket.sent_bytes < video["size_bytes"] + PART_BYTES
    played_s = recording.evaluate(PLAYED_S, urljoin(stage.server.url, video["playback_url"]))
    assert 1 < played_s < seconds


def test_a_recording_that_the_server_refuses_can_be_saved(page_server: Telecine, page: Page, watch: Watch) -> None:
    """The tray says why it has ended, keeps it for a second attempt, and offers it as a download."""
    page.goto(page_server.url)
    full = {"code": "storage_quota_exceeded", "detail": "The storage is full."}
    page.route("**/upload/parts", lambda route: route.fulfill(status=403, json=full))
    page.get_by_role("button", name="More ways to add a video").click()
    page.get_by_role("menuitem", name="Record the camera").click()
    dialog = page.get_by_role("dialog", name="Recording the camera")
    dialog.get_by_role("button", name="Pause").click()
    dialog.get_by_role("button", name="Resume").click()
    expect(dialog.get_by_text("0:01")).to_be_visible()
    dialog.get_by_role("button", name="Stop and upload").click()
    expect(tray(page).get_by_text("Your storage is full.")).to_be_visible()
    with page.expect_download() as downloads:
        tray(page).get_by_role("button", name="Save the recording").click()
    assert downloads.value.suggested_filename.startswith("Camera 20")
    assert downloads.value.path().stat().st_size > 1000
    watch.errors.clear()
    page.unroute("**/upload/parts")
    tray(page).get_by_role("button", name="Retry").click()
    expect(tray(page).get_by_role("listitem")).to_have_attribute("data-state", re.compile("processing|done|failed"))
    expect(tray(page).get_by_role("button", name="Save the recording")).to_be_hidden()
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("^Camera 20"))).to_be_visible()
