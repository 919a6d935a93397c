"""What each screen loads before it can be used, and what the whole page weighs, as it is sent to Chromium."""

import sys
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import choose, clip
from tests.e2e.processes import Telecine, wait_until

KB = 1000
PLAIN_KB, SENT_KB = 150, 60
# The upload module follows when the screen is there.
LATER = "/telecine-upload.js"
LOADED = """() => performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("/static/") && /\\.(js|css)$/.test(name))
  .map(({ name, decodedBodySize: plain, encodedBodySize: sent }) => ({ name, plain, sent }))"""


def loaded(page: Page) -> list[dict[str, Any]]:
    """The scripts and styles that the page has loaded, with their sizes."""
    files: list[dict[str, Any]] = page.evaluate(LOADED)
    return files


def weight(files: list[dict[str, Any]]) -> tuple[float, float]:
    """The sizes in KB: as they are, and as they were sent."""
    return sum(file["plain"] for file in files) / KB, sum(file["sent"] for file in files) / KB


def report(what: str, *weights: tuple[float, float]) -> None:
    """Print sizes, which `pytest -s` shows."""
    sys.stdout.write(f"{what}: {', then '.join(f'{plain:.1f} KB, sent {sent:.1f} KB' for plain, sent in weights)}\n")


@pytest.fixture(scope="module")
def video_path(page_server: Telecine, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a video that plays."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(page_server.url)
    choose(page, clip(tmp_path_factory.mktemp("weight")))
    link = page.get_by_role("link", name="Open", exact=True)
    expect(link).to_be_visible(timeout=120_000)
    path = link.get_attribute("href")
    context.close()
    assert path is not None
    return path


@pytest.mark.parametrize("screen", ["library", "video", "search", "operator"])
def test_a_screen_is_light(page: Page, page_server: Telecine, video_path: str, screen: str) -> None:
    """At most 150 KB of scripts and styles, and 60 KB as they are sent; nothing is requested twice."""
    path, heading = {
        "library": ("/", "Videos"),
        "video": (video_path, "clip.mp4"),
        "search": ("/search?q=said", "said"),
        "operator": ("/operator", "Operator"),
    }[screen]
    page.goto(f"{page_server.url}{path}")
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    wait_until(lambda: any(file["name"].endswith(LATER) for file in loaded(page)))
    files = loaded(page)
    names = [file["name"] for file in files]
    assert len(names) == len(set(names))
    plain_kb, sent_kb = weight([file for file in files if not file["name"].endswith(LATER)])
    report(screen, weight([file for file in files if not file["name"].endswith(LATER)]), weight(files))
    assert 0 < sent_kb < plain_kb <= PLAIN_KB
    assert sent_kb <= SENT_KB


def test_the_sign_in_is_light(page: Page, page_server: Telecine) -> None:
    """It has the frame of the page, and no more than its own form."""
    page.goto(f"{page_server.url}/sign-in")
    expect(page.get_by_label("Token", exact=True)).to_be_visible()
    plain_kb, sent_kb = weight(loaded(page))
    report("sign-in", (plain_kb, sent_kb))
    assert 0 < sent_kb < plain_kb <= PLAIN_KB
    assert sent_kb <= SENT_KB
    assert not any("/library/" in file["name"] or "/video/" in file["name"] for file in loaded(page))
