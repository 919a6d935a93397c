"""The library and its tray, on the embedded defaults: from the first video to five at once, and what can go wrong."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from entrypoints.cli.commands.demo import SAMPLE
from tests.browser.acts import choose, clip, drop, payload, photograph, set_rate, slow_uploads, tray
from tests.browser.axe import expect_accessible
from tests.browser.watched import Watch
from tests.e2e.processes import Telecine

HOSTILE = '<img src=x onerror="window.hacked=1">.mp4'
BIG_BYTES = 40 * 1024 * 1024
SLOW = 4 * 1024 * 1024


@pytest.fixture
def library(page: Page, page_server: Telecine, request: pytest.FixtureRequest) -> Page:
    """The library of a user who has no videos yet: each test has a user of its own."""
    saved = json.dumps({"token": page_server.token(request.node.name[:60]), "local": False})
    page.add_init_script(f"localStorage['telecine.session'] ??= {json.dumps(saved)}")
    page.goto(page_server.url)
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    return page


def card_of(page: Page, title: str) -> Locator:
    """The card of a video in the library."""
    return page.locator("li.video").filter(has=page.get_by_role("link", name=title, exact=True))


def test_the_local_user_is_signed_in(page: Page, page_server: Telecine) -> None:
    """On the machine of the server nobody is asked; the account menu says who it is, and signs out."""
    page.goto(page_server.url)
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    page.get_by_role("button", name="Account: local").click()
    expect(page.get_by_role("menuitem", name="Operator")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in to Telecine")).to_be_visible()
    page.get_by_role("button", name="Continue as the local user").click()
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    expect(page.get_by_role("button", name="Account: local")).to_be_visible()


@pytest.mark.parametrize("stored", ["a.b.c", ""])
def test_a_stored_token_that_is_refused_is_forgotten(page: Page, page_server: Telecine, stored: str) -> None:
    """No dialog over an empty page: the sign-in says why, and the next visit is the local user's again."""
    page.goto(f"{page_server.url}/sign-in")
    saved = json.dumps({"token": stored, "local": False})
    page.evaluate("(saved) => localStorage.setItem('telecine.session', saved)", saved)
    page.goto(page_server.url)
    if stored:
        expect(page.get_by_role("alert")).to_contain_text("did not issue this token")
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.reload()
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    expect(page.get_by_role("button", name="Account: local")).to_be_visible()


def test_the_first_video_goes_through_to_playing(library: Page, context: BrowserContext, screenshots: Path) -> None:
    """The empty library becomes a card with poster and captions, without a reload; every state is accessible."""
    expect(library.get_by_role("heading", name="Drop your first video here")).to_be_visible()
    expect_accessible(library)
    photograph(library, screenshots, "empty")
    network = slow_uploads(context, library, 500_000)
    choose(library, SAMPLE)
    item = tray(library).get_by_role("listitem").filter(has_text="sample.mp4")
    expect(item.get_by_text(re.compile(r"^[1-9]\d* % · .*/s"))).to_be_visible()
    card = card_of(library, "sample.mp4")
    expect(card.get_by_role("progressbar")).to_be_visible()
    expect_accessible(library)
    photograph(library, screenshots, "uploading")
    set_rate(network, -1)
    expect(item.get_by_text("Ready to play")).to_be_visible()
    expect(card.get_by_text("Ready", exact=True)).to_be_visible()
    expect(card.locator("img")).to_be_visible()
    assert card.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect_accessible(library)
    photograph(library, screenshots, "ready")
    video = card.get_by_role("link", name="sample.mp4").get_attribute("href")
    assert video is not None
    playback = library.evaluate(
        """async (path) => {
          const token = JSON.parse(localStorage["telecine.session"]).token;
          const headers = { Authorization: `Bearer ${token}` };
          const answer = await fetch(`/api/videos${path.slice(2)}/playback`, { headers });
          const media = document.createElement("video");
          media.muted = true;
          media.src = (await answer.json()).url;
          await media.play();
          return media.videoWidth;
        }""",
        video,
    )
    assert playback > 0


def test_five_at_once(library: Page, tmp_path: Path, screenshots: Path) -> None:
    """All are sent and processed; the tray counts them, and survives the way to another screen and back."""
    names = [f"take {number}.mp4" for number in range(1, 6)]
    choose(library, *[clip(tmp_path, name) for name in names])
    expect(tray(library).get_by_role("listitem")).to_have_count(5)
    library.get_by_role("link", name=names[0], exact=True).click()
    expect(library.get_by_role("heading", name="Videos")).to_be_hidden()
    expect(tray(library)).to_be_visible()
    library.go_back()
    expect(library.get_by_role("heading", name="Videos")).to_be_visible()
    expect(tray(library).get_by_text("Ready to play")).to_have_count(5)
    expect(tray(library).get_by_role("heading", name="All done")).to_be_visible()
    for name in names:
        expect(library.get_by_role("link", name=name, exact=True)).to_be_visible()
    photograph(library, screenshots, "five")
    tray(library).get_by_role("button", name="Close").click()
    expect(tray(library)).to_be_hidden()


def test_an_upload_goes_on_after_a_reload(
    library: Page, context: BrowserContext, tmp_path: Path, screenshots: Path
) -> None:
    """The tray says how far it was; the same file, chosen again, goes on from there."""
    film = clip(tmp_path, "film.mp4", padding_bytes=BIG_BYTES)
    slow_uploads(context, library, SLOW)
    choose(library, film)
    item = tray(library).get_by_role("listitem").filter(has_text="film.mp4")
    expect(item.get_by_text(re.compile(r"^[6-9]\d % "))).to_be_visible()
    library.on("dialog", lambda dialog: dialog.accept())
    library.reload()
    expect(item.get_by_text(re.compile(r"Stopped at [1-9]\d* %"))).to_be_visible()
    expect_accessible(library)
    photograph(library, screenshots, "interrupted")
    with library.expect_file_chooser() as chooser:
        item.get_by_role("button", name="Choose the file").click()
    chooser.value.set_files(film)
    expect(item.get_by_text(re.compile(r"Going on at [1-9]\d* %"))).to_be_visible()
    photograph(library, screenshots, "resumed")
    expect(item.get_by_text("Ready to play")).to_be_visible()


def test_a_paused_upload_waits_and_an_offline_one_goes_on(
    library: Page, context: BrowserContext, tmp_path: Path, watch: Watch, screenshots: Path
) -> None:
    """Pause, resume, and a network that is gone for a while; nothing is lost, and the tray says so."""
    network = slow_uploads(context, library, SLOW)
    choose(library, clip(tmp_path, "rushes.mp4", padding_bytes=BIG_BYTES))
    item = tray(library).get_by_role("listitem").filter(has_text="rushes.mp4")
    expect(item.get_by_text(re.compile(r"^[1-9]\d* % "))).to_be_visible()
    item.get_by_role("button", name="Pause rushes.mp4").click()
    expect(item.get_by_text(re.compile(r"^Paused · \d+ %"))).to_be_visible()
    expect(item.get_by_role("button", name="Go on with rushes.mp4")).to_be_focused()
    expect_accessible(library)
    photograph(library, screenshots, "paused")
    item.get_by_role("button", name="Go on with rushes.mp4").click()
    context.set_offline(True)
    expect(item.get_by_text("Waiting for the network. Nothing is lost.")).to_be_visible()
    photograph(library, screenshots, "offline")
    context.set_offline(False)
    set_rate(network, -1)
    expect(item.get_by_text("Ready to play")).to_be_visible()
    watch.errors.clear()


def test_what_cannot_be_a_video_is_refused_before_it_is_sent(library: Page, screenshots: Path) -> None:
    """Type and size are checked here; the words say what to do, and the server is not asked."""
    requests: list[str] = []
    library.on("request", lambda request: requests.append(request.url))
    choose(library, payload("notes.pdf", b"%PDF-1.7", "application/pdf"), payload("nothing.mp4", b""))
    drop(library, "readme.txt", "text")
    items = tray(library).get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.filter(has_text="notes.pdf")).to_contain_text("Choose another.")
    expect(items.filter(has_text="nothing.mp4")).to_contain_text("This file is empty. Choose another.")
    expect(items.filter(has_text="readme.txt")).to_contain_text("Choose another.")
    assert not [url for url in requests if "/upload/" in url]
    expect_accessible(library)
    photograph(library, screenshots, "refused")


def test_a_hostile_filename_runs_nothing(library: Page, tmp_path: Path) -> None:
    """It is text in the tray, in the list, in the menu and in the dialog."""
    choose(library, payload(HOSTILE, clip(tmp_path).read_bytes(), "video/mp4"))
    expect(tray(library).get_by_text(HOSTILE)).to_be_visible()
    expect(library.get_by_role("link", name=HOSTILE)).to_be_visible()
    card = card_of(library, HOSTILE)
    card.get_by_role("button").last.click()
    library.get_by_role("menuitem", name="Rename").click()
    expect(library.get_by_role("textbox", name="Title")).to_have_value(HOSTILE)
    library.keyboard.press("Escape")
    assert library.evaluate("window.hacked") is None
    assert library.locator("img[src=x]").count() == 0
    expect(tray(library).get_by_text("Ready to play")).to_be_visible()


def test_a_failed_video_says_why_and_can_be_retried_renamed_and_deleted(library: Page, screenshots: Path) -> None:
    """The card has the reason and what to do; a deletion can be undone for some seconds."""
    choose(library, payload("broken.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(5000), "video/mp4"))
    card = card_of(library, "broken.mp4")
    expect(card.get_by_text("Failed", exact=True)).to_be_visible()
    expect_accessible(library)
    photograph(library, screenshots, "failed")
    card.get_by_role("button", name=re.compile("^More")).click()
    expect_accessible(library)
    photograph(library, screenshots, "menu")
    library.get_by_role("menuitem", name="Rename").click()
    field = library.get_by_role("textbox", name="Title")
    field.fill("A better name")
    expect_accessible(library)
    field.press("Enter")
    renamed = card_of(library, "A better name")
    expect(renamed).to_be_visible()
    renamed.get_by_role("button", name=re.compile("^More")).click()
    library.get_by_role("menuitem", name="Delete").click()
    expect(renamed).to_be_hidden()
    photograph(library, screenshots, "deleted")
    library.get_by_role("button", name="Undo").click()
    expect(renamed).to_be_visible()
    renamed.get_by_role("button", name=re.compile("^More")).click()
    library.get_by_role("menuitem", name="Delete").click()
    # Leaving the page does not bring the video back.
    library.reload()
    expect(library.get_by_role("heading", name="Videos")).to_be_visible()
    expect(library.get_by_role("heading", name="Drop your first video here")).to_be_visible()
    expect(renamed).to_be_hidden()


def test_a_deletion_is_undone_after_a_detour_and_is_sent_before_signing_out(
    library: Page, page_server: Telecine, request: pytest.FixtureRequest
) -> None:
    """The library that is shown hears of it, not the one that has asked; and nothing survives the way out."""
    choose(library, payload("broken.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(5000), "video/mp4"))
    card = card_of(library, "broken.mp4")
    expect(card.get_by_text("Failed", exact=True)).to_be_visible()
    for last in (False, True):
        card.get_by_role("button", name=re.compile("^More")).click()
        library.get_by_role("menuitem", name="Delete").click()
        expect(card).to_be_hidden()
        if last:
            break
        library.get_by_role("searchbox").fill("anything")
        library.keyboard.press("Enter")
        expect(library.get_by_role("heading", name="Nothing is said")).to_be_visible()
        library.get_by_role("link", name="Telecine").click()
        expect(library.get_by_role("heading", name="Videos")).to_be_visible()
        expect(card).to_be_hidden()
        library.get_by_role("button", name="Undo", exact=True).click()
        expect(card).to_be_visible()
    library.get_by_role("button", name=re.compile("^Account")).click()
    library.get_by_role("menuitem", name="Sign out").click()
    expect(library.get_by_role("heading", name="Sign in to Telecine")).to_be_visible()
    token = page_server.token(request.node.name[:60])
    answer = library.request.get(f"{page_server.url}/api/videos", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["items"] == []


def test_a_link_that_cannot_be_copied_is_shown(library: Page) -> None:
    """On plain HTTP there is no clipboard: the link stands in a field, selected."""
    library.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    choose(library, payload("broken.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(5000), "video/mp4"))
    card_of(library, "broken.mp4").get_by_role("button", name=re.compile("^More")).click()
    library.get_by_role("menuitem", name="Copy the link").click()
    dialog = library.get_by_role("dialog", name="Copy this link")
    expect(dialog.get_by_role("textbox", name="Link")).to_have_value(re.compile(r"/v/\w+"))
    expect(dialog.get_by_role("textbox", name="Link")).to_be_focused()
    assert library.evaluate("getSelection().toString()").startswith("http")
    expect_accessible(library)
    expect(library.get_by_text("Link copied")).to_be_hidden()
    dialog.get_by_role("button", name="Close").click()


def test_a_file_that_only_looks_like_a_video_leaves_no_card(library: Page) -> None:
    """The server refuses its content: the tray says why, and nothing is being uploaded for ever."""
    choose(library, payload("notes.mp4", b"Only text. " * 500, "video/mp4"))
    item = tray(library).get_by_role("listitem").filter(has_text="notes.mp4")
    expect(item.get_by_text("not a video or audio file")).to_be_visible()
    expect(card_of(library, "notes.mp4")).to_have_count(0)
    library.reload()
    expect(library.get_by_role("heading", name="Drop your first video here")).to_be_visible()


def test_a_cancellation_is_asked_for_and_leaves_no_card(library: Page, context: BrowserContext, tmp_path: Path) -> None:
    """The safe button has the focus. The new upload is shown in any order of the list."""
    library.goto(f"{library.url}?sort=title")
    slow_uploads(context, library, SLOW)
    choose(library, clip(tmp_path, "film.mp4", padding_bytes=BIG_BYTES))
    item = tray(library).get_by_role("listitem").filter(has_text="film.mp4")
    expect(item.get_by_text(re.compile(r"^[1-9]\d* % "))).to_be_visible()
    expect(card_of(library, "film.mp4")).to_be_visible()
    item.get_by_role("button", name="Cancel film.mp4").click()
    expect(library.get_by_role("button", name="Keep uploading")).to_be_focused()
    library.get_by_role("button", name="Cancel the upload").click()
    expect(item).to_be_hidden()
    expect(card_of(library, "film.mp4")).to_have_count(0)


def test_a_token_that_only_reads_is_offered_no_more(library: Page) -> None:
    """Neither an upload nor a change; the list itself is the same."""
    me = {"user_id": "reader", "scopes": ["videos:read"], "expires_at": None}
    library.route("**/api/me", lambda route: route.fulfill(json=me))
    choose(library, payload("broken.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isommp42" + bytes(5000), "video/mp4"))
    card = card_of(library, "broken.mp4")
    expect(card.get_by_role("button", name="Retry")).to_be_visible()
    library.reload()
    expect(card.get_by_text("Failed", exact=True)).to_be_visible()
    expect(card.get_by_role("button", name="Retry")).to_have_count(0)
    expect(library.get_by_role("button", name="Upload", exact=True)).to_have_count(0)
    card.get_by_role("button", name=re.compile("^More")).click()
    expect(library.get_by_role("menuitem")).to_have_text(["Open", "Copy the link"])


def test_a_phone_offers_every_way_to_add_a_video(library: Page) -> None:
    """The one button of the narrow bar opens the menu."""
    library.set_viewport_size({"width": 390, "height": 844})
    expect(library.get_by_role("button", name="Upload", exact=True)).to_be_hidden()
    library.get_by_role("button", name="More ways to add a video").click()
    expect(library.get_by_role("menuitem", name="Choose files")).to_be_visible()
    expect(library.get_by_role("menuitem", name="Record the camera")).to_be_visible()
    expect_accessible(library)


def test_a_recording_of_the_camera_becomes_a_video(library: Page, screenshots: Path) -> None:
    """It is uploaded when it is stopped; what becomes of the test picture's irregular times is the worker's part."""
    library.get_by_role("button", name="More ways to add a video").click()
    library.get_by_role("menuitem", name="Record the camera").click()
    dialog = library.get_by_role("dialog", name="Recording the camera")
    expect(dialog.get_by_text("0:02")).to_be_visible()
    expect_accessible(library)
    photograph(library, screenshots, "recording")
    dialog.get_by_role("button", name="Stop and upload").click()
    expect(dialog).to_be_hidden()
    expect(library.get_by_role("link", name=re.compile("^Camera 20"))).to_be_visible()
    expect(tray(library).get_by_role("listitem")).to_have_attribute("data-state", re.compile("processing|done|failed"))
    expect(
        tray(library).get_by_text(re.compile("Choose another|could not be started|could not be sent"))
    ).to_be_hidden()
