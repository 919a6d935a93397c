"""A library of 500 videos, whose list a test double of the API answers; and a server that is away for a while."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.acts import photograph
from tests.browser.axe import expect_accessible
from tests.e2e.processes import Telecine, wait_until

COUNT = 500
LONG = "A title that goes on and on, as people write them who explain everything. " * 3
RTL = "مقابلة مع المخرجة حول فيلمها الجديد"
STAGES = ("upload", "download", "probe", "compress", "publish", "transcribe")
# The document's own width is that of the window: nothing is cut off at its side.
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


def video(number: int, **fields: object) -> dict[str, Any]:
    """A video as the API describes it."""
    done = {"state": "done", "percent": 100, "attempt": 1, "speed": None, "eta_s": None}
    titles = {1: LONG[:200], 2: RTL}
    return {
        "video_id": f"{number:08d}-0000-4000-8000-000000000000",
        "title": titles.get(number, f"Lecture {number}"),
        "filename": "lecture.mp4",
        "status": "completed",
        "playable": True,
        "captions": "generated",
        "content_type": "video/mp4",
        "size_bytes": 100_000_000,
        "rendition_size_bytes": 36_000_000,
        "rendition_kind": "encoded",
        "duration_s": 93.0,
        "poster_url": None,
        "media": None,
        "failure": None,
        "warnings": [],
        "stages": [{"name": name, **done} for name in STAGES],
        "created_at": "2026-11-01T10:00:00Z",
        "updated_at": "2026-11-01T10:00:00Z",
        **fields,
    }


def answer(route: Route) -> None:
    """Answer a list: the cursor is the number of the first video. Nothing is in work."""
    query = parse_qs(urlsplit(route.request.url).query)
    if "status" in query:
        route.fulfill(body='{"items": [], "next_cursor": null}', content_type="application/json")
        return
    first, limit = int(query.get("cursor", ["1"])[0]), int(query["limit"][0])
    after = first + limit
    items = [video(number) for number in range(first, min(after, COUNT + 1))]
    body = {"items": items, "next_cursor": str(after) if after <= COUNT else None}
    route.fulfill(body=json.dumps(body), content_type="application/json")


@pytest.fixture
def library(page: Page, page_server: Telecine) -> Page:
    """The library with many videos."""
    page.route("**/api/videos?*", answer)
    page.goto(page_server.url)
    expect(page.get_by_role("link", name="Lecture 3", exact=True)).to_be_visible()
    return page


def cards_below(page: Page) -> int:
    """Scroll to the end of the list; the number of cards that have come."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    return page.locator("li.video:not([aria-hidden])").count()


def test_all_are_loaded_by_scrolling_without_a_jump(library: Page, screenshots: Path) -> None:
    """Each comes once, in order; a card that is outside of the window is not rendered; what is read does not move."""
    expect_accessible(library)
    photograph(library, screenshots, "many")
    place = library.get_by_role("link", name="Lecture 20", exact=True)
    place.scroll_into_view_if_needed()
    before = place.evaluate("link => link.getBoundingClientRect().top + scrollY")
    # The page's policy forbids what `wait_for_function` does.
    wait_until(lambda: cards_below(library) == COUNT, timeout_s=300)
    expect(library.locator("li.video")).to_have_count(COUNT)
    titles = library.locator("li.video h2").all_text_contents()
    assert titles[2:] == [f"Lecture {number}" for number in range(3, COUNT + 1)]
    assert library.locator("li.video").first.evaluate("card => getComputedStyle(card).contentVisibility") == "auto"
    assert place.evaluate("link => link.getBoundingClientRect().top + scrollY") == pytest.approx(before, abs=1)


@pytest.mark.parametrize("view", ["Cards", "Rows"])
def test_long_and_right_to_left_titles_fit(library: Page, view: str, screenshots: Path) -> None:
    """Nothing is wider than the window, from a desktop to the narrowest phone."""
    library.get_by_role("button", name=view).click()
    for width in (1440, 1024, 390, 320):
        library.set_viewport_size({"width": width, "height": 800})
        assert library.evaluate(OVERFLOW) <= 0
    expect(library.get_by_role("link", name=RTL)).to_be_visible()
    assert library.get_by_role("link", name=RTL).evaluate("link => getComputedStyle(link).direction") == "rtl"
    library.set_viewport_size({"width": 1440, "height": 900})
    expect_accessible(library)
    photograph(library, screenshots, view.lower())


def test_the_way_back_leads_to_the_same_place(library: Page) -> None:
    """The list that was shown is shown again, at the position where it was left."""
    library.evaluate("scrollTo(0, 1500)")
    wait_until(lambda: library.evaluate("history.state?.scroll") == 1500)
    library.locator("li.video a").nth(24).evaluate("link => link.click()")
    expect(library.get_by_role("heading", name="Videos")).to_be_hidden()
    library.go_back()
    expect(library.get_by_role("heading", name="Videos")).to_be_visible()
    wait_until(lambda: library.evaluate("scrollY") == 1500)


def test_a_server_that_is_away_is_named_and_asked_again(library: Page, screenshots: Path) -> None:
    """A quiet bar appears, and goes by itself when the server answers; the list is loaded then."""
    away = "The server is not answering. Trying again."
    for path in ("**/api/videos?*", "**/health/live"):
        library.route(path, lambda route: route.abort())
    library.get_by_role("button", name="In work").click()
    expect(library.get_by_text(away)).to_be_visible()
    expect(library.get_by_role("alert")).to_contain_text("The videos could not be loaded.")
    expect_accessible(library)
    photograph(library, screenshots, "away")
    library.unroute_all()
    library.route("**/api/videos?*", answer)
    expect(library.get_by_text(away)).to_be_hidden()
    expect(library.get_by_text("The server is back.")).to_be_visible()
    expect(library.get_by_role("heading", name="Nothing is in work")).to_be_visible()


def test_the_keyboard_alone_is_enough(library: Page) -> None:
    """The way leads from the link that skips the bar over the search field to the cards and their menus."""
    library.keyboard.press("Tab")
    expect(library.get_by_role("link", name="Skip to the content")).to_be_focused()
    library.keyboard.press("/")
    expect(library.get_by_role("searchbox")).to_be_focused()
    more = library.get_by_role("button", name="More for “Lecture 3”")
    more.focus()
    library.keyboard.press("Enter")
    expect(library.get_by_role("menuitem", name="Open")).to_be_focused()
    library.keyboard.press("ArrowDown")
    expect(library.get_by_role("menuitem", name="Rename")).to_be_focused()
    library.keyboard.press("d")
    expect(library.get_by_role("menuitem", name="Delete")).to_be_focused()
    library.keyboard.press("Escape")
    expect(more).to_be_focused()
