"""Fixtures of the browser tests: servers, one Chromium, and a page whose errors fail the test."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.servers import SMALL_PARTS, embedded, on_s3
from tests.browser.watched import Watch
from tests.e2e.processes import Telecine
from tests.services.missing import missing

TIMEOUT_MS = 60_000
ARGUMENTS = (
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    # A camera that shows a test picture, and permission to use it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(scope="package")
def browser() -> Generator[Browser]:
    """The system's Chromium, one for the tests of this folder that a process runs in a row.

    It ends before a test of another folder begins, because no other event loop can run while that of Playwright does.
    """
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        missing("chromium", "Install the system's package chromium.")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program,
            args=[*sandbox, *ARGUMENTS],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Telecine]:
    """The embedded defaults, which sign the page in as the local user."""
    with embedded(tmp_path_factory.mktemp("page"), **SMALL_PARTS) as server:
        yield server


@pytest.fixture(scope="module")
def page_on_s3(tmp_path_factory: pytest.TempPathFactory) -> Generator[Telecine]:
    """Postgres, Redis and a bucket on another origin; the page needs a token."""
    with on_s3(tmp_path_factory.mktemp("page_on_s3"), **SMALL_PARTS) as server:
        yield server


@pytest.fixture
def watch() -> Watch:
    """The errors of the test's pages; a test that provokes one clears it."""
    return Watch()


@pytest.fixture
def context(browser: Browser, watch: Watch) -> Generator[BrowserContext]:
    """A fresh profile on an English desktop."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce")
    opened.set_default_timeout(TIMEOUT_MS)
    watch.attach(opened)
    yield opened
    opened.close()
    watch.expect_nothing()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of the fresh profile; console errors and violations of the policy fail the test at its end."""
    return context.new_page()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where the tests leave their screenshots; git ignores it."""
    folder = Path(__file__).resolve().parents[2] / "test-output" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
