"""What one does with a video on its screen, and the states that it can be in."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import expect_accessible
from tests.browser.videos import Player, Videos
from tests.browser.watched import Watch
from tests.e2e.processes import Telecine, wait_until
from tests.media import make


@pytest.fixture(scope="module")
def videos(page_server: Telecine) -> Videos:
    """The videos of the page's user."""
    return Videos(page_server)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture."""
    return make.video(tmp_path_factory.mktemp("clip") / "clip.mp4", duration_s=2, sound=None)


@pytest.fixture(scope="module")
def video(videos: Videos, clip: Path) -> str:
    """A video without captions."""
    return videos.upload(clip)


def test_a_video_is_renamed_in_place(video: str, videos: Videos, page: Page) -> None:
    """Escape restores the title, Enter saves it, and it is text even if it looks like markup."""
    title = "<b onclick=window.ran=1>مقابلة</b> " + "long " * 40
    Player(page).open(f"{videos.server.url}/v/{video}")
    heading = page.get_by_role("heading", level=1)
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_role("textbox", name="Title")
    field.fill("Not this")
    field.press("Escape")
    expect(heading).to_have_text("clip.mp4")
    page.get_by_role("button", name="Rename").click()
    field.fill(title)
    field.press("Enter")
    expect(heading).to_have_text(title.strip())
    assert videos.call("GET", f"/api/videos/{video}").json()["title"] == title.strip()
    expect_accessible(page)


def test_a_deleted_video_can_be_brought_back(video: str, videos: Videos, page: Page) -> None:
    """Nothing is sent until the message is gone."""
    Player(page).open(f"{videos.server.url}/v/{video}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page).to_have_url(f"{videos.server.url}/")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".player")).to_be_visible()
    assert videos.call("GET", f"/api/videos/{video}").json()["status"] == "completed"


def test_a_deleted_video_is_deleted_when_the_page_is_left(videos: Videos, clip: Path, page: Page) -> None:
    """Leaving the page within the seconds of the message deletes it all the same."""
    video = videos.upload(clip)
    Player(page).open(f"{videos.server.url}/v/{video}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("about:blank")
    wait_until(lambda: video not in videos.listed())


def test_a_failed_video_says_why_and_is_retried(videos: Videos, tmp_path: Path, page: Page) -> None:
    """The reason and what to do are in words; the retry runs live until it fails again."""
    video = videos.upload(make.headless(tmp_path / "damaged.mp4"))
    page.goto(f"{videos.server.url}/v/{video}")
    expect(page.get_by_role("heading", name="This file is damaged")).to_be_visible()
    expect(page.get_by_text("Export the video again and upload the new file.")).to_be_visible()
    expect_accessible(page)
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("It is tried again")).to_be_visible()
    wait_until(lambda: videos.call("GET", f"/api/videos/{video}/status").json()["status"] == "failed")
    expect(page.get_by_role("heading", name="This file is damaged")).to_be_visible()


def test_sound_alone_shows_its_waveform(videos: Videos, tmp_path: Path, page: Page) -> None:
    """The poster stays while it plays, and there is no storyboard to show."""
    video = videos.upload(make.encoded(tmp_path / "tone.m4a", ["sine=d=3"], ("-c:a", "aac")))
    player = Player(page)
    page.goto(f"{videos.server.url}/v/{video}")
    player.until("video.readyState >= 2")
    page.keyboard.press("k")
    player.until("video.currentTime > 0.3")
    poster = page.locator(".player-poster")
    expect(poster).to_be_visible()
    assert poster.evaluate("image => image.naturalWidth") > 0
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_role("menuitem", name="Rename")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Use this frame as poster")).to_have_count(0)


def test_a_video_in_work_shows_its_stages_live(video: str, videos: Videos, page: Page) -> None:
    """Each running stage has a bar with its percentage, and the time left in words."""
    stage = {"state": "done", "percent": 100, "attempt": 1, "speed": None, "eta_s": None}
    stages = [{**stage, "name": name} for name in ("upload", "download", "probe")]
    stages.append({**stage, "name": "compress", "state": "running", "percent": 41, "eta_s": 130})
    status = {"status": "processing", "playable": False, "stages": stages, "captions": "none"}
    body = {**videos.call("GET", f"/api/videos/{video}").json(), **status}
    page.route(f"**/api/videos/{video}", lambda route: route.fulfill(json=body))
    page.goto(f"{videos.server.url}/v/{video}")
    expect(page.get_by_role("progressbar", name="Compressing")).to_have_attribute("value", "41")
    expect(page.get_by_text("About 2 minutes left").first).to_be_visible()
    expect_accessible(page)


def test_a_missing_video_says_so(page_server: Telecine, page: Page) -> None:
    """A link to a deleted video leads back to the library."""
    page.goto(f"{page_server.url}/v/00000000-0000-0000-0000-000000000000")
    expect(page.get_by_role("heading", name="This video does not exist")).to_be_visible()


def test_a_link_for_viewers_plays_without_an_account(
    videos: Videos, clip: Path, browser: Browser, watch: Watch, page: Page
) -> None:
    """The link has title, player and transcript, changes nothing, and ends when its token is revoked."""
    video = videos.upload(clip, "for everyone.mp4")
    videos.put_captions(video, [(0.5, 1.5, "For everyone")])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Player(page).open(f"{videos.server.url}/v/{video}")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("menuitem", name="Copy link for viewers").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    with browser.new_context() as stranger:
        watch.attach(stranger)
        guest = stranger.new_page()
        player = Player(guest)
        player.open(link)
        expect(guest.get_by_role("heading", name="for everyone.mp4")).to_be_visible()
        expect(guest).to_have_title("for everyone.mp4 · Telecine")
        expect(guest.locator(".cue-text")).to_have_text(["For everyone"])
        expect(guest.get_by_role("button", name="Edit")).to_have_count(0)
        expect_accessible(guest)
        guest.keyboard.press("k")
        player.until("video.currentTime > 0.5")
        (token,) = videos.call("GET", f"/api/videos/{video}/playback-tokens").json()["items"]
        videos.call("DELETE", f"/api/videos/{video}/playback-tokens/{token['token_id']}")
        guest.reload()
        expect(guest.get_by_role("heading", name="This link is not valid any more")).to_be_visible()
