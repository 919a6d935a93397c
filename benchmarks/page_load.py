"""P4, P5, P6: when the page can be used, how smoothly 500 videos scroll, and the page on a slow line that is cut."""

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any, cast

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page
from tests.e2e.processes import Telecine, running, wait_until

from benchmarks.browsers import opened_browser
from benchmarks.figures import figure
from benchmarks.library import fill_library
from benchmarks.scale import Outcome, Scale

VIDEOS = 500
WARM_UPS = 2
SLOW_LINE = {"offline": False, "latency": 100, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
CUT = {**SLOW_LINE, "offline": True}
CUT_S = 3
TIMEOUT_S = 120

LIBRARY = "li.video:not([aria-hidden]) a"
VIDEO = ".watch-screen .player button"
"""Elements that a screen shows last. The handlers of links and keys are attached before, those of a button with it."""

# The first frame after the element has appeared, in milliseconds since the navigation began.
NOTE_USABLE = """(() => {
  const look = () => {
    if (!document.querySelector(%s)) return;
    observer.disconnect();
    requestAnimationFrame(() => (window.usableAt = performance.now()));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
})()"""
STATIC_MS = """() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  return navigation.loadEventEnd && painted ? Math.max(navigation.loadEventEnd, painted) : 0;
}"""
WATCH_FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const frame = (now) => {
    window.frames_ms.push(now - last);
    last = now;
    window.watched = requestAnimationFrame(frame);
  };
  window.watched = requestAnimationFrame(frame);
}"""


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure a library of 500 videos on the embedded defaults."""
    loads = max(15, 5 * scale.rounds)
    with _library(folder) as server, opened_browser() as browser:
        pairs = [_pair(browser, server.url) for _ in range(loads + WARM_UPS)][WARM_UPS:]
        scrolls = [_scroll(browser, server.url) for _ in range(3)]
        slow = _slow_line(browser, server.url)
    page_ms, static_ms = ([each[name] for each in pairs] for name in ("page", "static"))
    return Outcome(
        [
            figure(
                "P4",
                "the library can be used, against the same document without scripts",
                [each["page"] / each["static"] for each in pairs],
                measured=f"medians of {loads} first visits: {median(page_ms):.0f} ms, {median(static_ms):.0f} ms",
                at_most=3,
            ),
            figure(
                "P5",
                f"longest frame while {VIDEOS} videos scroll",
                [max(each) for each in scrolls],
                measured=f"{sum(map(len, scrolls))} frames, median {median(chain.from_iterable(scrolls)):.0f} ms",
                at_most=50,
                unit="ms",
            ),
            figure(
                "P6",
                "the library can be used, on a line of 1 Mbit/s with a round trip of 100 ms",
                [slow["library_s"]],
                measured=", ".join(f"{name} {value:.2f}" for name, value in slow.items()),
                at_most=3,
                unit="s",
            ),
        ],
        {"page_load": {"loads": pairs, "frames_ms": scrolls, "slow_line": slow}},
    )


@contextmanager
def _library(folder: Path) -> Generator[Telecine]:
    with running(folder / "data", TELECINE_TRANSCRIBER="none", TELECINE_COMPRESSION_PRESET="ultrafast") as server:
        fill_library(server, folder, VIDEOS)
        yield server


def _pair(browser: Browser, url: str) -> dict[str, float]:
    return {"static": _static_ms(browser, url), "page": _page_ms(browser, url)}


def _static_ms(browser: Browser, url: str) -> float:
    """The document with its styles alone, as a page without scripts would load."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    taken_ms = _value(page, STATIC_MS)
    context.close()
    return taken_ms


def _page_ms(browser: Browser, url: str) -> float:
    """A first visit: nothing is in the browser's cache, and the page signs in."""
    with _visit(browser, LIBRARY) as (_, page):
        page.goto(url, wait_until="commit")
        taken_ms = _usable_ms(page)
    sys.stderr.write(f"benchmarks: usable after {taken_ms:.0f} ms\n")
    return taken_ms


def _scroll(browser: Browser, url: str) -> list[float]:
    """The times between frames while the wheel turns to the end of the list."""
    with _visit(browser, LIBRARY) as (_, page):
        page.goto(url)
        _usable_ms(page)
        page.mouse.move(700, 500)
        page.evaluate(WATCH_FRAMES)
        began = perf_counter()
        while page.locator(LIBRARY).count() < VIDEOS or not page.evaluate(
            "innerHeight + scrollY >= document.documentElement.scrollHeight - 4"
        ):
            if perf_counter() - began > TIMEOUT_S:
                raise TimeoutError(f"{page.locator(LIBRARY).count()} of {VIDEOS} videos came.")
            page.mouse.wheel(0, 400)
        frames: list[float] = page.evaluate("cancelAnimationFrame(window.watched), window.frames_ms")
    sys.stderr.write(f"benchmarks: longest of {len(frames)} frames: {max(frames):.0f} ms\n")
    return frames


def _slow_line(browser: Browser, url: str) -> dict[str, float]:
    """Open the library and then a video on a line that is cut after each of them, and wait until the page goes on."""
    with _visit(browser, LIBRARY) as (context, page):
        network = _limited(context, page)
        page.goto(url, wait_until="commit", timeout=TIMEOUT_S * 1000)
        library_ms = _usable_ms(page)
        library_cut_s = _cut(network, page)
        began = perf_counter()
        page.locator(LIBRARY).first.click()
        page.locator(VIDEO).first.wait_for(timeout=TIMEOUT_S * 1000)
        opened_s = perf_counter() - began
        video_cut_s = _cut(network, page)
        path = page.url
    with _visit(browser, VIDEO) as (context, page):
        _limited(context, page)
        page.goto(path, wait_until="commit", timeout=TIMEOUT_S * 1000)
        video_ms = _usable_ms(page)
    return {
        "library_s": library_ms / 1000,
        "video_from_library_s": opened_s,
        "video_s": video_ms / 1000,
        "back_after_first_cut_s": library_cut_s,
        "back_after_second_cut_s": video_cut_s,
    }


def _cut(network: CDPSession, page: Page) -> float:
    """Cut the line until the page says so; the seconds from its return until the page does not say so any more."""
    bar = page.locator(".away-bar")
    _emulate(network, CUT)
    # A request finds out, as the next click of a person would.
    page.evaluate("fetch('/health/live').catch(() => 0)")
    sleep(CUT_S)
    _emulate(network, SLOW_LINE)
    began = perf_counter()
    wait_until(lambda: not bar.is_visible() and cast("bool", page.evaluate("navigator.onLine")), timeout_s=TIMEOUT_S)
    return perf_counter() - began


@contextmanager
def _visit(browser: Browser, usable: str) -> Generator[tuple[BrowserContext, Page]]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.add_init_script(NOTE_USABLE % json.dumps(usable))
    yield context, context.new_page()
    context.close()


def _limited(context: BrowserContext, page: Page) -> CDPSession:
    session = context.new_cdp_session(page)
    cast("Any", session).send("Network.enable")
    _emulate(session, SLOW_LINE)
    return session


def _emulate(session: CDPSession, line: dict[str, Any]) -> None:
    cast("Any", session).send("Network.emulateNetworkConditions", line)


def _usable_ms(page: Page) -> float:
    return _value(page, "() => window.usableAt ?? 0")


def _value(page: Page, script: str) -> float:
    """The result of a script, once it is not 0. The policy of the page forbids `wait_for_function`."""
    found: Sequence[float] = []

    def is_there() -> bool:
        nonlocal found
        found = [value] if (value := cast("float", page.evaluate(script))) else []
        return bool(found)

    wait_until(is_there, timeout_s=TIMEOUT_S)
    return found[0]
