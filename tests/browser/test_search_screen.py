"""The search over all transcripts in Chromium: hits by video, marked words, and the moment that they play from."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import expect_accessible
from tests.browser.videos import Player, Videos
from tests.e2e.processes import Telecine, wait_until
from tests.media import make

HOSTILE = "A <img src=x onerror=window.ran=1> lighthouse"


@pytest.fixture(scope="module")
def videos(page_server: Telecine) -> Videos:
    """The videos of the page's user."""
    return Videos(page_server)


@pytest.fixture(scope="module", autouse=True)
def harbour(videos: Videos, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two videos: one with a few hits, one with more than a page of them; the id of the first."""
    clip = make.video(tmp_path_factory.mktemp("clip") / "clip.mp4", duration_s=6, sound=None)
    long, short = videos.upload(clip, "long.mp4"), videos.upload(clip, "harbour.mp4")
    videos.put_captions(long, [(each / 20, each / 20 + 0.05, f"The lighthouse, part {each}") for each in range(60)])
    videos.put_captions(short, [(1, 2, "The harbour in the morning"), (3, 5, HOSTILE), (5, 6, "Nothing here")])
    return short


def test_hits_are_grouped_and_play_from_their_moment(harbour: str, page_server: Telecine, page: Page) -> None:
    """Each hit has its picture, its words marked, and its time; Enter plays from there."""
    page.goto(f"{page_server.url}/search?q=lighthouse")
    group = page.get_by_role("heading", name="harbour.mp4").locator("..")
    hit = group.get_by_role("link", name="0:03")
    expect(hit).to_contain_text(HOSTILE)
    assert hit.locator("mark").all_text_contents() == ["lighthouse"]
    assert page.evaluate("window.ran") is None
    picture = hit.locator(".hit-picture")
    wait_until(lambda: "storyboard" in picture.evaluate("each => getComputedStyle(each).backgroundImage"))
    hit.focus()
    page.keyboard.press("Enter")
    player = Player(page)
    player.until("!video.paused && video.currentTime >= 3 && video.currentTime < 6")
    assert page.url.startswith(f"{page_server.url}/v/{harbour}?t=3")


def test_titles_are_found_and_the_field_follows_the_screen(harbour: str, page_server: Telecine, page: Page) -> None:
    """The videos named so stand above what is said; the field has the words of the screen that is shown."""
    page.goto(f"{page_server.url}/search?q=harbour")
    titles = page.get_by_role("heading", name="In titles").locator("..")
    expect(titles.get_by_role("link", name="harbour.mp4")).to_have_attribute("href", f"/v/{harbour}")
    field = page.get_by_role("banner").get_by_role("searchbox")
    expect(field).to_have_value("harbour")
    field.fill("long")
    field.press("Enter")
    expect(titles.get_by_role("link", name="long.mp4")).to_be_visible()
    page.go_back()
    expect(field).to_have_value("harbour")
    page.get_by_role("link", name="Telecine").first.click()
    expect(field).to_have_value("")
    expect_accessible(page)


def test_more_hits_are_loaded_and_reached_by_the_arrow_keys(page_server: Telecine, page: Page) -> None:
    """The list grows by a page, and the focus goes to the first new hit."""
    page.goto(f"{page_server.url}/search?q=lighthouse")
    hits = page.locator(".hit")
    expect(hits).to_have_count(25)
    expect(page.get_by_role("status").filter(has_text="More than 25 moments in 2 videos")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(hits).to_have_count(50)
    expect(hits.nth(25)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(hits.nth(24)).to_be_focused()
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("status").filter(has_text="61 moments in 2 videos")).to_be_visible()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    expect_accessible(page)


def test_the_search_says_when_there_is_nothing_and_when_it_failed(page_server: Telecine, page: Page) -> None:
    """Without hits it says what to do; after an error it can be repeated."""
    page.goto(f"{page_server.url}/search?q=zebra")
    expect(page.get_by_role("heading", name="Nothing is said about “zebra”")).to_be_visible()
    expect_accessible(page)
    page.route("**/api/search?*", lambda route: route.abort())
    page.goto(f"{page_server.url}/search?q=morning")
    expect(page.get_by_role("heading", name="The search did not work")).to_be_visible()
    page.unroute("**/api/search?*")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".hit")).to_have_count(1)
    page.goto(f"{page_server.url}/search")
    expect(page.get_by_role("heading", name="Search in titles and in what is said")).to_be_visible()
