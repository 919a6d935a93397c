"""The page-uploads scenario: Chromium uploads while connections are cut, its page reloads and the server restarts.

Every fourth upload is a recording that is sent while it grows; a reload ends a recording, so those have the other two.
"""

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from random import Random

import httpx
from playwright.sync_api import Page, sync_playwright

from tests.browser import bare
from tests.torture.invariants import Broken, Violation
from tests.torture.stage import SEED, Findings, Stage

FILM_MIB = 120
FILM_BYTES = FILM_MIB * 1024 * 1024
RECORDED_MIB_PER_S = 40
RECORDING_EVERY = 4
PACE_BYTES_PER_S = 20 * 1024 * 1024
MAX_SENT = 1.2
TIMEOUT_MS = 180_000
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

Disaster = Callable[[bare.Stage, Page], None]
Beginning = Callable[[bare.Stage, Page, str], None]


def page_uploads(stage: Stage) -> Findings:
    """Of 100 uploads in parts, each is completed as one video; the mean of the bytes sent is 1.2 times the file."""
    with bare.running_stage(stage.folder) as server, _page() as page:
        return upload_through_disasters(server, page, stage.times(100))


def upload_through_disasters(server: bare.Stage, page: Page, count: int) -> Findings:
    """Upload this many files, each with one disaster at a random moment."""
    findings, dice = Findings("page_uploads"), Random(SEED)
    shares: list[float] = []
    for number in range(count):
        is_recording = number % RECORDING_EVERY == RECORDING_EVERY - 1
        disaster = dice.choice([cut, restart] if is_recording else [cut, reload, restart])
        findings.add(f"{'recordings_' * is_recording}{disaster.__name__}s", 1)
        begin = _begin_recording if is_recording else _begin_file
        sent = _upload(server, page, begin, disaster, dice.uniform(0.1, 0.9), f"{number}.mp4")
        if sent is None:
            findings.violations.append(Violation(Broken.LOST, f"{number}: {page.evaluate('error')}"))
        else:
            shares.append(sent)
    findings.figures |= {
        "uploads": count,
        "completed": len(shares),
        "sent_of_file_mean": round(sum(shares) / max(1, len(shares)), 3),
        "sent_of_file_most": round(max(shares, default=0), 3),
        "videos": _videos(server),
    }
    if findings.figures["videos"] != count:
        findings.violations.append(Violation(Broken.LOST, f"{findings.figures['videos']} videos of {count} files"))
    if findings.figures["sent_of_file_mean"] > MAX_SENT:
        findings.violations.append(Violation(Broken.LOST, f"more than {MAX_SENT} times the bytes were sent"))
    return findings


def cut(server: bare.Stage, page: Page) -> None:
    """Cut all connections to the bucket for some time."""
    server.bucket.cut()
    page.wait_for_timeout(300)
    server.bucket.restore()


def reload(server: bare.Stage, page: Page) -> None:
    """Reload the page, and choose the file again."""
    name = page.evaluate("upload.filename")
    page.reload()
    page.wait_for_function("window.telecine")
    server.begin(page, FILM_MIB, filename=name)


def restart(server: bare.Stage, _page: Page) -> None:
    """Kill the server, and start it again."""
    server.server.kill()
    server.server.start()


def _begin_file(server: bare.Stage, page: Page, name: str) -> None:
    server.begin(page, FILM_MIB, filename=name)


def _begin_recording(server: bare.Stage, page: Page, name: str) -> None:
    options = server.options(filename=name, type="video/mp4")
    arguments = [FILM_MIB, RECORDED_MIB_PER_S, options]
    page.evaluate("([mib, rate, options]) => beginRecording(mib, rate, options)", arguments)


def _upload(
    server: bare.Stage, page: Page, begin: Beginning, disaster: Disaster, moment: float, name: str
) -> float | None:
    """Upload a film through the disaster; return the bytes sent as a share of it, or None if it failed."""
    server.open(page)
    server.bucket.pace_bytes_per_s = PACE_BYTES_PER_S
    begin(server, page, name)
    reached = f"upload.progress.sentBytes > {moment * FILM_BYTES}"
    page.wait_for_function(reached, polling=20, timeout=TIMEOUT_MS)
    disaster(server, page)
    page.wait_for_function("window.video || window.error", timeout=TIMEOUT_MS)
    is_completed = page.evaluate("video?.size_bytes") == FILM_BYTES
    return server.bucket.sent_bytes / FILM_BYTES if is_completed else None


def _videos(server: bare.Stage) -> int:
    """How many videos the user has that were uploaded."""
    with httpx.Client(base_url=server.server.url, headers={"Authorization": f"Bearer {server.token}"}) as api:
        items, cursor = 0, ""
        while True:
            page = api.get("/api/videos", params={"limit": 100, **({"cursor": cursor} if cursor else {})}).json()
            items += len(page["items"])
            cursor = page["next_cursor"]
            if cursor is None:
                return items


@contextmanager
def _page() -> Generator[Page]:
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*sandbox, "--disable-dev-shm-usage"])
        page = browser.new_page()
        # Leaving the page while it is sending makes the browser ask.
        page.on("dialog", lambda dialog: dialog.accept())
        yield page
        browser.close()
