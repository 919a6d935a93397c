"""The upload module in Chromium, on a page of another origin: cuts, reloads, tabs, restarts, and a blocked bucket."""

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.bare import Stage, refused, running_stage, uploaded, wait_for
from tests.browser.sink import running_sink
from tests.browser.watched import Watch
from tests.e2e.processes import wait_until
from tests.services.proxy import Fault

MIB = 1024 * 1024
FILM_MIB = 60
FILM_BYTES = FILM_MIB * MIB
# Four connections of this rate take seconds for the film, so that something can happen in the middle.
SLOW_BYTES_PER_S = 5 * MIB
# More than the four parts that are under way at first, so that some have arrived.
HALF_WAY = "upload.progress.ratio > 0.5"
# Parts that are under way at a cut are sent again: at most four, each on average by a half.
MAX_BYTES = 1.35 * FILM_BYTES


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    """The server, its bucket behind a proxy, and the page's server."""
    with running_stage(tmp_path_factory.mktemp("uploading")) as running:
        yield running


def test_a_part_that_is_cut_is_sent_again(stage: Stage, page: Page) -> None:
    """Only that part is repeated; the progress reaches the end."""
    stage.open(page)
    cut = stage.bucket.inject("PUT .*partNumber=2&", Fault.RESET)
    stage.begin(page, FILM_MIB)
    assert uploaded(page)["size_bytes"] == FILM_BYTES
    assert cut.hits == 1
    assert stage.bucket.sent_bytes < 1.2 * FILM_BYTES
    assert page.evaluate("ratios.at(-1)") == 1
    assert page.evaluate("ratios.length") > FILM_MIB // 5


def test_it_waits_while_the_browser_is_offline(stage: Stage, page: Page, context: BrowserContext) -> None:
    """The state says so, and the upload goes on by itself."""
    stage.open(page)
    stage.bucket.pace_bytes_per_s = SLOW_BYTES_PER_S
    stage.begin(page, FILM_MIB)
    wait_for(page, HALF_WAY)
    stage.hold()
    context.set_offline(True)
    stage.bucket.cut()
    wait_for(page, "upload.state === 'offline'")
    page.wait_for_timeout(1500)
    assert page.evaluate("upload.state") == "offline"
    stage.bucket.restore()
    stage.bucket.pace_bytes_per_s = None
    context.set_offline(False)
    assert uploaded(page)["size_bytes"] == FILM_BYTES
    assert stage.bucket.sent_bytes < MAX_BYTES


def test_after_a_reload_the_same_file_goes_on(stage: Stage, page: Page) -> None:
    """The page lists the upload; choosing the file again sends what is missing."""
    stage.open(page)
    stage.bucket.pace_bytes_per_s = SLOW_BYTES_PER_S
    stage.begin(page, FILM_MIB)
    wait_for(page, HALF_WAY)
    stage.hold()
    video_id = page.evaluate("upload.videoId")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_function("window.telecine")
    (known,) = page.evaluate("options => telecine.resumableUploads(options)", stage.options())
    assert (known["videoId"], known["isActive"], known["filename"]) == (video_id, False, "film.mp4")
    assert 0 < known["receivedBytes"] < FILM_BYTES
    stage.bucket.pace_bytes_per_s = None
    stage.begin(page, FILM_MIB)
    assert uploaded(page)["video_id"] == video_id
    assert stage.bucket.sent_bytes < MAX_BYTES
    assert page.evaluate("options => telecine.resumableUploads(options)", stage.options()) == []


def test_a_page_that_is_sending_asks_before_it_closes(stage: Stage, page: Page) -> None:
    """Once nothing is sent any more, it does not ask."""
    stage.open(page)
    page.mouse.click(5, 5)  # Without a gesture, browsers do not ask.
    ask = "() => !dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert not page.evaluate(ask)
    stage.hold()
    stage.begin(page, 1)
    wait_for(page, "upload.state === 'sending'")
    assert page.evaluate(ask)
    stage.bucket.pace_bytes_per_s = None
    uploaded(page)
    assert not page.evaluate(ask)


def test_two_tabs_send_a_file_once(stage: Stage, page: Page, context: BrowserContext) -> None:
    """The second tab waits for the first one; both get the same video."""
    other = context.new_page()
    for each in (page, other):
        stage.open(each)
    stage.hold()
    stage.begin(page, FILM_MIB)
    wait_for(page, "upload.state === 'sending'")
    stage.begin(other, FILM_MIB)
    wait_for(other, "upload.state === 'waiting'")
    stage.bucket.pace_bytes_per_s = None
    assert uploaded(page)["video_id"] == uploaded(other)["video_id"]
    assert stage.bucket.sent_bytes < 1.1 * FILM_BYTES


def test_a_closed_tab_hands_its_file_over(stage: Stage, page: Page, context: BrowserContext) -> None:
    """The waiting tab goes on where the closed one stopped."""
    other = context.new_page()
    for each in (page, other):
        stage.open(each)
    stage.bucket.pace_bytes_per_s = SLOW_BYTES_PER_S
    stage.begin(page, FILM_MIB)
    wait_for(page, HALF_WAY)
    stage.hold()
    video_id = page.evaluate("upload.videoId")
    stage.begin(other, FILM_MIB)
    wait_for(other, "upload.state === 'waiting'")
    page.close()
    stage.bucket.pace_bytes_per_s = None
    assert uploaded(other)["video_id"] == video_id
    assert stage.bucket.sent_bytes < MAX_BYTES


def test_a_token_that_expires_is_replaced(stage: Stage, page: Page) -> None:
    """The upload waits for the new token, which the page asks for once."""
    command = [
        sys.executable,
        "-m",
        "entrypoints.cli",
        "token",
        "--user",
        "ada",
        "--data-dir",
        str(stage.server.data_dir),
    ]
    environment = {"TELECINE_TOKEN_LIFETIME_SECONDS": "1"}
    expired = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()
    headers = {"Authorization": f"Bearer {expired}"}
    wait_until(lambda: httpx.get(f"{stage.server.url}/api/videos", headers=headers).status_code == 401)
    stage.open(page)
    stage.hold()
    page.evaluate(
        """([api, expired, valid, mib]) => {
          window.current = valid;
          window.refreshes = 0;
          const token = async ({ refresh }) => {
            if (refresh) {
              refreshes += 1;
              await new Promise((signIn) => (window.signIn = signIn));
              current = valid;
            }
            return current;
          };
          begin(mib, { api, token, partUrls: 2 });
          window.expire = () => (current = expired);
        }""",
        [stage.server.url, expired, stage.token, FILM_MIB],
    )
    wait_for(page, "upload.state === 'sending'")
    page.evaluate("expire()")
    stage.bucket.pace_bytes_per_s = SLOW_BYTES_PER_S
    wait_for(page, "Boolean(window.signIn)")
    page.evaluate("signIn()")
    uploaded(page)
    assert page.evaluate("refreshes") == 1


def test_an_upload_outlives_a_restart_of_the_server(stage: Stage, page: Page) -> None:
    """API and bucket are gone for a while; parts that had arrived are not sent again."""
    stage.open(page)
    stage.bucket.pace_bytes_per_s = SLOW_BYTES_PER_S
    stage.begin(page, FILM_MIB)
    wait_for(page, HALF_WAY)
    stage.hold()
    stage.server.kill()
    wait_for(page, "upload.state === 'offline'")
    stage.bucket.pace_bytes_per_s = None
    stage.server.start()
    assert uploaded(page)["size_bytes"] == FILM_BYTES
    assert stage.bucket.sent_bytes < MAX_BYTES


def test_a_bucket_without_cors_is_named(stage: Stage, page: Page, watch: Watch) -> None:
    """It answers, but forbids the page to upload; the error says what its operator has to do."""
    stage.open(page)
    stage.bucket.inject("OPTIONS /bucket", Fault.REFUSE, times=99, status=403)
    stage.begin(page, 1)
    error = refused(page)
    assert (error["step"], error["code"], error["retryable"]) == ("upload", "bucket_cors", False)
    assert stage.page_url.rstrip("/") in error["text"]
    assert "CORS rule" in error["advice"]
    watch.errors.clear()


def test_a_blocked_bucket_leaves_the_old_route(stage: Stage, page: Page) -> None:
    """The page is told, and the file arrives through the API."""
    stage.open(page)
    stage.bucket.cut()
    stage.begin(page, 8)
    assert uploaded(page)["size_bytes"] == 8 * MIB
    assert page.evaluate("[upload.route, fallbacks]") == ["api", ["bucket_unreachable"]]
    assert page.evaluate("ratios.at(-1)") == 1


@pytest.mark.parametrize(("direct", "route"), [(0, "api"), (1, "bucket")])
def test_one_setting_selects_the_old_route(stage: Stage, page: Page, direct: int, route: str) -> None:
    """And back."""
    stage.open(page)
    stage.begin(page, 3, direct=direct)
    assert uploaded(page)["size_bytes"] == 3 * MIB
    assert page.evaluate("upload.route") == route
    assert (stage.bucket.sent_bytes > 3 * MIB) is (route == "bucket")


def test_the_video_is_followed_over_the_stream(stage: Stage, page: Page) -> None:
    """The film cannot be decoded, so it ends as failed; the error is that of the video."""
    stage.open(page)
    tickets: list[str] = []
    page.on("request", lambda request: tickets.append(request.url) if "ticket=" in request.url else None)
    stage.begin(page, 1, until="completed")
    error = refused(page)
    assert error["step"] == "processing"
    assert error["problem"]["code"] == error["code"]
    assert tickets


def test_memory_is_flat_for_a_file_of_5_gib(stage: Stage, page: Page, browser: Browser) -> None:
    """The file is read in slices: after each further gibibyte the browser's processes are as large as before."""
    stage.open(page)
    with running_sink() as sink:
        # The signed parts go to a server that forgets them.
        page.evaluate(
            """(sink) => {
              const open = XMLHttpRequest.prototype.open;
              XMLHttpRequest.prototype.open = function (method, url) {
                open.call(this, method, url.replace(/^http:[/][/][^/]+/, sink));
              };
            }""",
            sink,
        )
        stage.begin(page, 5 * 1024)
        wait_for(page, "upload.progress.sentBytes > 0.25 * 2 ** 30")
        before = _memory_bytes(browser)
        wait_for(page, "upload.progress.sentBytes > 1.25 * 2 ** 30")
        after = _memory_bytes(browser)
        page.evaluate("upload.cancel()")
    assert after - before < 100 * MIB


def _memory_bytes(browser: Browser) -> int:
    """The resident memory of the browser and all its processes."""
    session = cast("Any", browser.new_browser_cdp_session())
    processes: list[dict[str, Any]] = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    pages = [int(Path(f"/proc/{each['id']}/statm").read_text().split()[1]) for each in processes]
    return sum(pages) * 4096
