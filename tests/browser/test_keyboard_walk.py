"""The whole way with the keyboard alone, as a screen reader hears it: upload, find, play, edit, delete, sign out."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from entrypoints.cli.commands.demo import SAMPLE
from tests.browser.acts import tray
from tests.browser.announced import announced, listen
from tests.browser.videos import Player
from tests.e2e.processes import Telecine

USER = "local"
MAX_TABS = 60


@pytest.fixture
def library(page: Page, page_server: Telecine) -> Page:
    """The library of the local user, who is an operator."""
    listen(page)
    # A listener turns the interception on now; turned on by the wait for the chooser, it comes after a key press.
    page.on("filechooser", lambda _: None)
    page.goto(page_server.url)
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    return page


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the element has the focus; what has the focus is always marked."""
    expect(target).to_be_visible()
    for _ in range(MAX_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.matches(':focus-visible')"
        )
    pytest.fail(f"Tab does not reach {target}.")


def choose_in_menu(page: Page, button: str | re.Pattern[str], item: str) -> None:
    """Open a menu, go to an item by its first letters, and take it."""
    tab_to(page, page.get_by_role("button", name=button, exact=True))
    page.keyboard.press("Enter")
    for _ in range(8):
        if page.get_by_role("menuitem", name=item).evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_the_keyboard_alone_goes_all_the_way(library: Page) -> None:
    """Each step is reached with Tab or its key, and the live regions say each event once, never a percentage."""
    press = library.keyboard.press
    tab_to(library, library.get_by_role("button", name="Upload", exact=True))
    with library.expect_file_chooser() as chooser:
        press("Enter")
    chooser.value.set_files(SAMPLE)
    expect(tray(library).get_by_text("Ready to play")).to_be_visible()
    texts = announced(library)
    assert texts.count("sample.mp4 is uploaded and being processed.") == 1
    assert texts.count("sample.mp4 is ready to play.") == 1
    assert not [text for text in texts if "%" in text]

    press("/")
    library.keyboard.type("sample")
    press("Enter")
    expect(library.get_by_role("heading", name="“sample”")).to_be_focused()
    tab_to(library, library.get_by_role("link", name="sample.mp4").first)
    press("Enter")
    expect(library.get_by_role("heading", name="sample.mp4")).to_be_focused()

    player = Player(library)
    player.until("video.readyState >= 2")
    press("ArrowRight")
    player.until("Math.abs(video.currentTime - 5) < 0.01")
    press("k")
    player.until("!video.paused")
    press("k")

    tab_to(library, library.get_by_role("button", name="Edit", exact=True))
    press("Enter")
    field = library.get_by_role("textbox", name=re.compile("^Caption at")).first
    expect(field).to_be_focused()
    press("Control+a")
    library.keyboard.type("By hand")
    library.keyboard.press("Shift+Tab")
    tab_to(library, library.get_by_role("button", name="Save", exact=True))
    press("Enter")
    expect(library.get_by_role("button", name="Edit", exact=True)).to_be_focused()
    expect(library.locator(".cue-text").first).to_have_text("By hand")

    choose_in_menu(library, "More", "Delete")
    expect(library.get_by_role("heading", name="Videos")).to_be_focused()
    expect(library.get_by_role("link", name="sample.mp4", exact=True)).to_be_hidden()
    press("Control+z")
    expect(library.get_by_role("heading", name="sample.mp4")).to_be_focused()

    choose_in_menu(library, f"Account: {USER}", "Operator")
    expect(library.get_by_role("heading", name="Operator")).to_be_focused()
    choose_in_menu(library, f"Account: {USER}", "Sign out")
    expect(library.get_by_label("Token", exact=True)).to_be_focused()


def test_single_keys_can_be_turned_off(library: Page) -> None:
    """The list of shortcuts has the switch; afterwards a key acts only while the player has the focus (WCAG 2.1.4)."""
    library.keyboard.press("?")
    dialog = library.get_by_role("dialog", name="Keyboard shortcuts")
    switch = dialog.get_by_role("switch", name="Single-key shortcuts")
    expect(switch).to_be_focused()
    expect(switch).to_be_checked()
    library.keyboard.press(" ")
    library.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    library.reload()
    expect(library.get_by_role("heading", name="Videos")).to_be_visible()
    library.keyboard.press("?")
    library.keyboard.press("/")
    expect(dialog).to_be_hidden()
    expect(library.get_by_role("searchbox")).not_to_be_focused()
    choose_in_menu(library, f"Account: {USER}", "Keyboard shortcuts")
    expect(switch).not_to_be_checked()
    library.keyboard.press(" ")
    library.keyboard.press("Escape")
    library.keyboard.press("/")
    expect(library.get_by_role("searchbox")).to_be_focused()
