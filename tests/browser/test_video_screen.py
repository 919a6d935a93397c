"""The screen of a video in Chromium: player, captions, transcript, editing, keys, links, and URLs that expire."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import expect_accessible
from tests.browser.videos import Player, Videos
from tests.e2e.processes import Telecine, wait_until
from tests.media import make

CUES = [
    (1.0, 3.0, "Welcome to the Café."),
    (3.5, 6.0, "Every video comes here."),
    (6.5, 9.0, "The last words of it."),
]
HOSTILE = "<img src=x onerror=window.ran=1><script>window.ran=1</script> --> & done"


@pytest.fixture(scope="module")
def videos(page_server: Telecine) -> Videos:
    """The videos of the page's user."""
    return Videos(page_server)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of picture without sound, so that nothing is transcribed."""
    return make.video(tmp_path_factory.mktemp("clip") / "clip.mp4", duration_s=12, frame_rate=25, sound=None)


@pytest.fixture(scope="module")
def video(videos: Videos, clip: Path) -> str:
    """A video with captions."""
    video_id = videos.upload(clip, "holiday.mp4")
    videos.put_captions(video_id, CUES)
    return video_id


@pytest.fixture
def player(page: Page) -> Player:
    """The player of the page."""
    return Player(page)


def test_captions_show_at_their_time(video: str, page_server: Telecine, page: Page, player: Player) -> None:
    """The picture and the transcript show the same cue; a click on a cue goes to its time."""
    player.open(f"{page_server.url}/v/{video}")
    cues = page.locator(".cue")
    expect(cues).to_have_count(3)
    page.keyboard.press("k")
    page.keyboard.press("k")
    player.seek(4)
    expect(player.captions).to_have_text("Every video comes here.")
    expect(page.locator(".cue[aria-current]")).to_contain_text("Every video comes here.")
    player.seek(6.2)
    expect(player.captions).to_have_text("")
    cues.nth(2).click()
    player.until("Math.abs(video.currentTime - 6.5) < 0.01")
    expect(player.captions).to_have_text("The last words of it.")
    expect_accessible(page)


def test_the_keys_are_those_of_youtube(video: str, page_server: Telecine, page: Page, player: Player) -> None:
    """Each key acts wherever the focus is, except in a field and on a button that it would press."""
    player.open(f"{page_server.url}/v/{video}")
    press = page.keyboard.press
    press("k")
    player.until("!video.paused")
    press(" ")
    player.until("video.paused")
    press("5")
    player.until("Math.abs(video.currentTime - 6) < 0.1")
    press("j")
    player.until("video.currentTime === 0")
    press("l")
    player.until("Math.abs(video.currentTime - 10) < 0.01")
    press(",")
    player.until("Math.abs(video.currentTime - 9.96) < 0.001")
    press(".")
    press("ArrowLeft")
    player.until("Math.abs(video.currentTime - 5) < 0.01")
    press("m")
    assert player.value("muted") is True
    press("Shift+>")
    assert player.value("playbackRate") == 1.25
    press("Shift+<")
    assert player.value("playbackRate") == 1
    captions = page.get_by_role("button", name="Hide captions")
    expect(captions).to_be_visible()
    press("c")
    expect(page.get_by_role("button", name="Show captions")).to_be_visible()
    press("f")
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    press("f")
    page.get_by_role("searchbox", name="Find in the transcript").press_sequentially("km")
    assert (player.value("paused"), player.value("muted")) == (True, True)
    page.get_by_role("slider", name="Volume").focus()
    press("ArrowUp")
    assert player.value("muted") is False


def test_the_seek_bar_shows_the_storyboard(video: str, page_server: Telecine, page: Page, player: Player) -> None:
    """The tile and its time stand at the pointer, and at the position when the keyboard is on the bar."""
    player.open(f"{page_server.url}/v/{video}")
    bar = page.locator(".seek")
    box = bar.bounding_box()
    assert box is not None
    picture = page.locator(".seek-picture")

    def hovers() -> bool:
        bar.hover(position={"x": box["width"] * 0.75, "y": 10})
        return picture.is_visible()

    wait_until(hovers)
    expect(page.locator(".seek-label")).to_have_text("0:09")
    shown = picture.evaluate("each => getComputedStyle(each).backgroundImage")
    assert "storyboard" in shown
    page.mouse.move(0, 0)
    expect(picture).to_be_hidden()
    player.seek(3)
    slider = page.get_by_role("slider", name="Position")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".seek-label")).to_have_text("0:08")
    expect(slider).to_have_attribute("aria-valuetext", "0:08 of 0:12")
    bar.click(position={"x": box["width"] * 0.25, "y": 10})
    player.until("Math.abs(video.currentTime - 3) < 0.1")


@pytest.mark.parametrize(("t", "time_s"), [("5", 5), ("0m7s", 7), ("nonsense", 0)])
def test_a_link_begins_at_its_time(
    t: str, time_s: float, video: str, page_server: Telecine, page: Page, player: Player
) -> None:
    """`t` is a number of seconds, or hours, minutes and seconds."""
    player.open(f"{page_server.url}/v/{video}?t={t}")
    player.until(f"Math.abs(video.currentTime - {time_s}) < 0.05")


def test_a_link_to_the_moment_is_copied(video: str, page_server: Telecine, page: Page, player: Player) -> None:
    """Share offers the address of the video, and of the moment that is shown."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    player.open(f"{page_server.url}/v/{video}?t=5")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("menuitem", name="Copy link at 0:05").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{page_server.url}/v/{video}?t=5"


def test_the_transcript_is_searched(video: str, page_server: Telecine, page: Page, player: Player) -> None:
    """Case and accents make no difference; all words have to occur; Enter plays from the first match."""
    player.open(f"{page_server.url}/v/{video}")
    field = page.get_by_role("searchbox", name="Find in the transcript")
    field.fill("cafe WELCOME")
    expect(page.locator(".cue:visible")).to_have_count(1)
    assert page.locator(".cue:visible mark").all_text_contents() == ["Welcome", "Café"]
    expect(page.get_by_text("1 match")).to_be_visible()
    field.press("Enter")
    player.until("Math.abs(video.currentTime - 1) < 0.01")
    field.fill("zebra")
    expect(page.get_by_text("No match")).to_be_visible()
    field.press("Escape")
    expect(page.locator(".cue:visible")).to_have_count(3)


def test_edited_captions_survive_a_reload(videos: Videos, clip: Path, page: Page, player: Player) -> None:
    """Cues are changed, split and joined by the keyboard; what looks like markup stays text everywhere."""
    video = videos.upload(clip)
    address = f"{videos.server.url}/v/{video}"
    player.open(address)
    expect(page.get_by_text("No speech was found")).to_be_visible()
    videos.put_captions(video, CUES)
    expect(page.locator(".cue")).to_have_count(3)
    page.get_by_role("button", name="Edit", exact=True).click()
    first = page.get_by_role("textbox", name="Caption at 0:01")
    first.fill(HOSTILE)
    first.press("Enter")
    second = page.get_by_role("textbox", name="Caption at 0:03")
    expect(second).to_be_focused()
    second.evaluate("field => field.setSelectionRange(11, 11)")
    second.press("Control+Enter")
    expect(page.locator(".cue-field")).to_have_count(4)
    expect_accessible(page)
    last = page.get_by_role("textbox", name="Caption at 0:06")
    last.fill("Changed and restored")
    last.press("Escape")
    expect(last).to_have_value("The last words of it.")
    page.get_by_role("textbox", name="Language").fill("de")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Captions saved")).to_be_visible()
    page.reload()
    expected = [HOSTILE, "Every video", "comes here.", "The last words of it."]
    expect(page.locator(".cue-text")).to_have_text(expected)
    player.until("video.readyState >= 2")
    page.keyboard.press("k")
    page.keyboard.press("k")
    player.seek(2)
    expect(player.captions).to_have_text(HOSTILE)
    assert page.evaluate("window.ran") is None
    transcript = videos.call("GET", f"/api/videos/{video}/transcript").json()
    assert (transcript["origin"], transcript["language"]) == ("uploaded", "de")
    assert [cue["text"] for cue in transcript["cues"]] == expected


def test_unsaved_changes_are_kept_for_the_way_back(
    video: str, page_server: Telecine, page: Page, player: Player
) -> None:
    """Leaving the screen loses nothing: a message leads back to the fields as they were."""
    player.open(f"{page_server.url}/v/{video}")
    page.get_by_role("button", name="Edit", exact=True).click()
    field = page.get_by_role("textbox", name="Caption at 0:01")
    field.fill("Half a sent")
    page.get_by_role("link", name="Telecine").first.click()
    page.get_by_role("button", name="Go on editing").click()
    expect(field).to_have_value("Half a sent")
    field.press("Escape")
    field.press("Escape")
    expect(page.locator(".cue").first).to_contain_text("Welcome to the Café.")


def test_an_expired_url_is_renewed_in_mid_play(video: str, page_server: Telecine, page: Page, player: Player) -> None:
    """The bucket sends the beginning and then refuses; the player asks for a new URL and goes on where it was."""
    calls = {"playback": 0}
    page.on("request", lambda request: calls.update(playback=calls["playback"] + request.url.endswith("/playback")))

    def expire(route: Route) -> None:
        whole = route.fetch(headers={**route.request.headers, "range": "bytes=0-"})
        body = whole.body()
        half = len(body) // 2
        asked = int(route.request.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        if calls["playback"] > 1:
            route.continue_()
        elif asked >= half:
            route.fulfill(status=403, body="expired")
        else:
            headers = {**whole.headers, "content-range": f"bytes {asked}-{half - 1}/{len(body)}"}
            headers["content-length"] = str(half - asked)
            route.fulfill(status=206, headers=headers, body=body[asked:half])

    page.route("**/*rendition*", expire)
    page.goto(f"{page_server.url}/v/{video}")
    expect(page.locator(".player")).to_be_visible()
    player.until("video.readyState >= 1")  # Loading would set the rate back.
    page.locator("video").evaluate("video => { video.playbackRate = 4; }")
    page.keyboard.press("k")
    player.until("video.currentTime > 11")
    assert player.value("playbackRate") == 4
    assert calls["playback"] == 2


def test_captions_are_downloaded_and_replaced(
    video: str, videos: Videos, tmp_path: Path, page: Page, player: Player
) -> None:
    """The menu saves what the API serves, and a file becomes the captions."""
    player.open(f"{videos.server.url}/v/{video}")
    expect(page.locator(".cue")).to_have_count(3)
    page.get_by_role("button", name="Captions", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download as SRT").click()
    assert download.value.suggested_filename == "holiday.srt"
    assert download.value.path().read_text() == videos.call("GET", f"/api/videos/{video}/transcript.srt").text
    file = tmp_path / "new.srt"
    file.write_text("1\n00:00:02,000 --> 00:00:04,000\nFrom a file\n")
    page.get_by_label("Upload a file (VTT, SRT)").set_input_files(file)
    page.get_by_label("Language of the captions").fill("fr")
    page.get_by_role("dialog").get_by_role("button", name="Upload").click()
    expect(page.locator(".cue-text")).to_have_text(["From a file"])
    assert videos.call("GET", f"/api/videos/{video}/transcript").json()["language"] == "fr"
    videos.put_captions(video, CUES)


def test_five_thousand_cues_stay_usable(videos: Videos, clip: Path, page: Page, player: Player) -> None:
    """Only what is in view is laid out; the current cue is in view, and leaves it only when the reader scrolls."""
    video = videos.upload(clip)
    videos.put_captions(video, [(index * 0.002, index * 0.002 + 0.002, f"Number {index}") for index in range(5000)])
    player.open(f"{videos.server.url}/v/{video}?t=9")
    current = page.locator(".cue[aria-current]")
    expect(current).to_contain_text("Number 450")
    expect(current).to_be_in_viewport()
    visible = "all => all.filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).length"
    rendered = page.locator(".cue").evaluate_all(visible)
    assert rendered < 200
    page.locator(".transcript-body").hover()
    page.mouse.wheel(0, -4000)
    expect(current).not_to_be_in_viewport()
    page.keyboard.press("3")
    expect(current).to_contain_text("Number 180")
    expect(current).not_to_be_in_viewport()
    page.locator(".transcript-follow").click()
    expect(current).to_be_in_viewport()
    page.get_by_role("searchbox", name="Find in the transcript").fill("number 4321")
    expect(page.locator(".cue:visible")).to_have_count(1)
