"""Makes the pictures of the documentation, docs/images: `uv run python scripts/pictures.py`.

It runs a server with made-up videos in a temporary folder, takes screenshots of its page in the system's Chromium, and
joins frames of one upload, from the choice of the file to the captions, to a short animation.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from page_scenes import SCENES, render
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.acts import choose, slow_uploads, tray  # noqa: E402 (found by the line above)
from tests.browser.servers import embedded  # noqa: E402
from tests.browser.videos import Cue, Videos  # noqa: E402
from tests.e2e.processes import wait_until  # noqa: E402

IMAGES = ROOT / "docs" / "images"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
FRAMES_PER_S = 4
FRAME_WIDTH = 880
UPLOAD_BYTES_PER_S = 60_000

# What is said in the first scene; of the others, the harbour is mentioned in some.
CUES: list[Cue] = [
    (0.4, 2.6, "The water comes in faster than you would think."),
    (2.8, 5.0, "Twice a day the whole harbour empties and fills."),
    (5.2, 7.4, "Low tide is at nine, so we start before sunrise."),
    (7.6, 9.8, "By noon the boats are afloat again."),
]


OTHER_CUES: list[list[Cue]] = [
    [(0.5, 4.0, "From the pass you can see the lake and the old road."), (4.2, 8.5, "We camp below the second ridge.")],
    [(0.5, 4.0, "The stalls open when the harbour lights come on."), (4.2, 8.5, "Everything is gone by midnight.")],
    [(0.5, 4.0, "I grew up on a boat."), (4.2, 8.5, "My mother knew every pilot in the harbour.")],
    [(0.5, 4.0, "Your account is ready before your first day."), (4.2, 8.5, "Ask your buddy, not the wiki.")],
    [(0.5, 4.0, "Uploads now go on after a reload."), (4.2, 8.5, "Captions can be edited beside the player.")],
    [(0.5, 4.0, "The moon pulls twice, once on each side."), (4.2, 8.5, "That is why a harbour has two tides a day.")],
]


@dataclass(slots=True)
class Film:
    """Frames of a page, one for each quarter of a second that passes in the animation."""

    page: Page
    folder: Path
    frames: list[Path] = field(default_factory=list[Path])

    def take(self, count: int = 1) -> None:
        """Take frames, as long as the page shows something new."""
        for _ in range(count):
            path = self.folder / f"{len(self.frames):04}.png"
            self.page.screenshot(path=path, animations="allow")
            self.frames.append(path)
            self.page.wait_for_timeout(1000 / FRAMES_PER_S)

    def hold(self, seconds: float) -> None:
        """Show the last frame for some time."""
        for _ in range(round(seconds * FRAMES_PER_S)):
            path = self.folder / f"{len(self.frames):04}.png"
            shutil.copy(self.frames[-1], path)
            self.frames.append(path)

    def until(self, is_reached: Callable[[], bool], *, most: int = 60) -> None:
        """Take frames until something has happened."""
        while not is_reached() and len(self.frames) < most:
            self.take()

    def save(self, target: Path) -> None:
        """Write the animation, which repeats."""
        source = ["-framerate", str(FRAMES_PER_S), "-i", str(self.folder / "%04d.png")]
        shown = ["-vf", f"scale={FRAME_WIDTH}:-1:flags=lanczos", "-c:v", "libwebp_anim", "-quality", "55", "-loop", "0"]
        argv = ["ffmpeg", "-v", "error", "-y", *source, *shown, str(target)]
        subprocess.run(argv, check=True)


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with embedded(folder) as server:
            videos = Videos(server)
            clips = [render(scene, folder / f"{number}.mp4") for number, scene in enumerate(SCENES)]
            others = zip(clips[1:], SCENES[1:], OTHER_CUES, strict=True)
            ids = [_uploaded(videos, clip, scene.title, cues) for clip, scene, cues in others]
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport=DESKTOP, locale="en-GB", color_scheme="light")
            film = Film(page, folder / "frames")
            film.folder.mkdir()
            _film_an_upload(film, videos, clips[0])
            film.save(IMAGES / "demo.webp")
            newest = page.url.rpartition("/")[2]
            _photograph_screens(page, server.url, newest, ids)
            browser.close()


def _uploaded(videos: Videos, clip: Path, title: str, cues: list[Cue]) -> str:
    video_id = videos.upload(clip, f"{title.lower().replace(' ', '-')}.mp4")
    videos.call("PATCH", f"/api/videos/{video_id}", json={"title": title})
    videos.put_captions(video_id, cues)
    return video_id


def _film_an_upload(film: Film, videos: Videos, clip: Path) -> None:
    page = film.page
    page.goto(videos.server.url)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    film.take()
    film.hold(1.0)
    file = clip.rename(clip.with_name("Harbour at dusk.mp4"))
    session = slow_uploads(page.context, page, UPLOAD_BYTES_PER_S)
    choose(page, file)
    film.until(lambda: tray(page).get_by_text("Ready to play").is_visible())
    film.take(2)
    film.hold(0.5)
    session.detach()
    video_id = next(iter(videos.listed() - _titled(videos)))
    videos.call("PATCH", f"/api/videos/{video_id}", json={"title": "Harbour at dusk"})
    wait_until(lambda: videos.call("GET", f"/api/videos/{video_id}/status").json()["status"] == "completed")
    videos.put_captions(video_id, CUES)
    page.goto(f"{videos.server.url}/v/{video_id}")
    expect(page.get_by_text(CUES[-1][2])).to_be_visible()
    film.take()
    page.keyboard.press("k")
    film.take(28)


def _titled(videos: Videos) -> set[str]:
    """The videos that have a title of their own."""
    titles = {scene.title for scene in SCENES[1:]}
    items = videos.call("GET", "/api/videos?limit=100").json()["items"]
    return {item["video_id"] for item in items if item["title"] in titles}


def _photograph_screens(page: Page, url: str, newest: str, ids: list[str]) -> None:
    page.goto(f"{url}/v/{newest}?t=3")
    expect(page.get_by_text(CUES[1][2]).first).to_be_visible()
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "page-video.png", animations="disabled")
    page.goto(f"{url}/search?q=harbour")
    expect(page.locator(".hit").first).to_be_visible()
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "page-search.png", animations="disabled")
    page.goto(url)
    expect(page.get_by_role("heading", level=2)).to_have_count(len(ids) + 1)
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "page-library.png", animations="disabled")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/v/{newest}?t=3")
    expect(page.get_by_role("button", name=CUES[1][2])).to_be_visible()
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / "page-phone.png", animations="disabled")


if __name__ == "__main__":
    main()
