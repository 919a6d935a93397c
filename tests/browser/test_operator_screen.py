"""The operator's view in Chromium: numbers, failed jobs and their retry, and who may see it."""

import json

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.axe import expect_accessible
from tests.browser.videos import USER, Videos
from tests.e2e.processes import Telecine
from tests.media import make

OVERVIEW = "/api/operator/overview"


@pytest.fixture(scope="module", autouse=True)
def damaged(page_server: Telecine, tmp_path_factory: pytest.TempPathFactory) -> None:
    """One video that was completed and one that failed."""
    folder = tmp_path_factory.mktemp("clips")
    videos = Videos(page_server)
    videos.upload(make.video(folder / "whole.mp4", duration_s=1, sound=None))
    videos.upload(make.headless(folder / "damaged.mp4"))


def test_the_numbers_come_first_and_a_failed_job_is_retried(page_server: Telecine, page: Page) -> None:
    """The failed job has its reason in words; the retry is the one of the video."""
    page.goto(f"{page_server.url}/operator")
    for label, value in (("Completed, last hour", "1"), ("Failed, last hour", "1")):
        expect(page.get_by_role("listitem").filter(has_text=label).locator("strong")).to_have_text(value)
    failed = page.get_by_role("table", name="Failed jobs").get_by_role("row").filter(has_text="damaged.mp4")
    expect(failed).to_contain_text("malformed_video: The file cannot be read")
    usage = page.get_by_role("table", name="Usage by user").get_by_role("row").filter(has_text=USER)
    expect(usage.get_by_role("cell").nth(1)).to_have_text("2")
    expect(page.get_by_role("definition").filter(has_text="sqlite")).to_be_visible()
    expect_accessible(page)
    with page.expect_response(lambda response: response.url.endswith("/retry")) as retried:
        failed.get_by_role("button", name="Retry: damaged.mp4").click()
    assert retried.value.ok
    expect(page.get_by_text("The job is tried again")).to_be_visible()
    # It fails again.
    expect(page.get_by_role("listitem").filter(has_text="Failed, last hour").locator("strong")).to_have_text("2")


def test_the_numbers_are_loaded_while_the_page_is_visible(page_server: Telecine, page: Page) -> None:
    """A hidden page asks for nothing, and asks at once when it is seen again."""
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.url.endswith(OVERVIEW) else None)
    page.clock.install()
    page.goto(f"{page_server.url}/operator")
    expect(page.get_by_text("Completed, last hour")).to_be_visible()
    with page.expect_response(lambda response: response.url.endswith(OVERVIEW)):
        page.clock.run_for(5_000)
    set_hidden(page, hidden=True)
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before
    with page.expect_request(lambda request: request.url.endswith(OVERVIEW)):
        set_hidden(page, hidden=False)


def set_hidden(page: Page, *, hidden: bool) -> None:
    """Tell the page that it is hidden or visible; Chromium without a window never hides one."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_a_token_without_the_scope_sees_nothing(page_server: Telecine, page: Page) -> None:
    """The screen names the scope and asks the API for nothing."""
    session = json.dumps({"token": page_server.token("ada"), "local": False})
    page.add_init_script(f"localStorage['telecine.session'] ??= {json.dumps(session)}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{page_server.url}/operator")
    expect(page.get_by_role("heading", name="This view needs an operator")).to_be_visible()
    assert not [url for url in asked if "/api/operator" in url]
