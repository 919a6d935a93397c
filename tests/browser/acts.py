"""What the tests of the page do: choose files, slow the network down, take screenshots."""

import os
import struct
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, FilePayload, Locator, Page

from tests.media import make

HEIGHTS = {1440: 900, 1024: 768, 390: 844}
LOOKS = [(1440, "light"), (390, "dark")]
ALL_LOOKS = [(width, theme) for theme in ("light", "dark") for width in HEIGHTS]


def clip(folder: Path, name: str = "clip.mp4", *, padding_bytes: int = 0) -> Path:
    """A video of a second; the padding is a box that every player skips."""
    target = make.small(folder / "made.mp4").rename(folder / name)
    if padding_bytes:
        with target.open("ab") as stream:
            stream.write(struct.pack(">I4s", padding_bytes, b"free") + bytes(padding_bytes - 8))
    return target


def payload(name: str, content: bytes, media_type: str = "") -> FilePayload:
    """A file that exists in the browser alone."""
    return {"name": name, "mimeType": media_type, "buffer": content}


def choose(page: Page, *files: Path | FilePayload) -> None:
    """Choose files as in the system's dialog."""
    field = page.locator("input[type=file]")
    if all(isinstance(file, Path) for file in files):
        field.set_input_files([file for file in files if isinstance(file, Path)])
    else:
        field.set_input_files([file for file in files if not isinstance(file, Path)])


def drop(page: Page, name: str, content: str) -> None:
    """Drop a file on the page, by the events that a browser sends."""
    page.evaluate(
        """([name, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([content], name));
          const init = { dataTransfer: transfer, bubbles: true, cancelable: true };
          for (const type of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, init));
        }""",
        [name, content],
    )


def tray(page: Page) -> Locator:
    """The tray with the uploads."""
    return page.get_by_role("region", name="Uploads")


def slow_uploads(context: BrowserContext, page: Page, bytes_per_s: int) -> CDPSession:
    """Limit the rate at which the page sends; `-1` lifts the limit."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    set_rate(session, bytes_per_s)
    return session


def set_rate(session: CDPSession, bytes_per_s: int) -> None:
    """Change the limit of a session."""
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
    session.send("Network.emulateNetworkConditions", conditions)


def photograph(page: Page, folder: Path, name: str) -> None:
    """Take screenshots, with `SCREENSHOTS=all` at every width, light and dark; the page keeps its state."""
    before: Any = page.viewport_size
    for width, theme in ALL_LOOKS if os.environ.get("SCREENSHOTS") == "all" else LOOKS:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.screenshot(path=folder / f"{name}-{width}-{theme}.png", animations="disabled")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)
