"""What becomes of the screen of a video when the video changes, the server goes away, or the user leaves."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.videos import Player, Videos
from tests.e2e.processes import Telecine
from tests.media import make


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
    """A video that plays."""
    return videos.upload(clip, "holiday.mp4")


@pytest.fixture
def player(page: Page) -> Player:
    """The player of the page."""
    return Player(page)


def test_a_stage_that_has_just_begun_is_shown(video: str, videos: Videos, page: Page) -> None:
    """At 0 % the bar says that something happens, not how far it is; finished stages have names of their own."""
    status = videos.call("GET", f"/api/videos/{video}").json()
    stages = [{**each, "state": "done"} for each in status["stages"]]
    running = next(each for each in stages if each["name"] == "compress")
    running |= {"state": "running", "percent": 0, "eta_s": None}
    in_work = {**status, "status": "processing", "playable": False, "stages": stages}
    page.route(f"**/api/videos/{video}", lambda route: route.fulfill(json=in_work))
    page.goto(f"{videos.server.url}/v/{video}")
    expect(page.get_by_role("heading", name="Compressing")).to_be_visible()
    bar = page.get_by_role("progressbar", name="Compressing")
    expect(bar).to_be_visible()
    assert bar.evaluate("bar => bar.position") == -1
    expect(page.locator(".stage.is-done").first).to_contain_text("Uploaded")


def test_nothing_plays_after_the_screen_is_left(video: str, videos: Videos, page: Page) -> None:
    """The answer that comes late opens nothing in the background."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**/api/videos/{video}/playback", hold)
    page.goto(f"{videos.server.url}/v/{video}?play")
    expect(page.locator(".player")).to_be_visible()
    element = page.locator("video").element_handle()
    page.get_by_role("link", name="Telecine").first.click()
    expect(page.locator(".player")).to_have_count(0)
    with page.expect_response("**/playback"):
        held[0].continue_()
    page.wait_for_timeout(300)
    assert element.evaluate("video => [video.paused, video.getAttribute('src')]") == [True, None]
    assert page.evaluate("navigator.mediaSession.metadata") is None


def test_no_player_is_opened_after_the_screen_is_left(video: str, videos: Videos, page: Page) -> None:
    """A video that becomes playable while its screen is left gets no player, which would keep its keys."""
    held: list[Route] = []

    status = videos.call("GET", f"/api/videos/{video}").json()
    in_work = {**status, "status": "processing", "playable": False}

    def load(route: Route) -> None:
        held.append(route)
        if len(held) == 1:
            route.fulfill(json=in_work)

    page.route(f"**/api/videos/{video}", load)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{videos.server.url}/v/{video}")
    expect(page.locator(".watch-working")).to_be_visible()
    videos.put_captions(video, [(1, 2, "Hello")])
    for _ in range(200):
        page.wait_for_timeout(0 if len(held) > 1 else 50)
    page.get_by_role("link", name="Telecine").first.click()
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    with page.expect_response(f"**/api/videos/{video}"):
        held[1].fulfill(json=status)
    page.wait_for_timeout(300)
    assert not [url for url in asked if url.endswith("/playback")]


def test_the_skip_link_keeps_the_screen(video: str, videos: Videos, page: Page, player: Player) -> None:
    """The focus goes to the content, and the player stays where it was."""
    player.open(f"{videos.server.url}/v/{video}")
    player.seek(5)
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.wait_for_timeout(300)
    assert player.value("currentTime") == 5


def test_a_fragment_by_hand_keeps_the_screen(video: str, videos: Videos, page: Page, player: Player) -> None:
    """The player stays: `#t=` seeks, and any other fragment changes nothing."""
    player.open(f"{videos.server.url}/v/{video}")
    page.locator("video").evaluate("video => { video.dataset.first = 'yes'; }")
    page.evaluate("location.hash = '#t=4'")
    player.until("Math.abs(video.currentTime - 4) < 0.01")
    page.evaluate("location.hash = '#elsewhere'")
    page.wait_for_timeout(300)
    assert page.locator("video").get_attribute("data-first") == "yes"
    assert player.value("currentTime") == 4


def test_arrow_keys_seek_after_opening_from_the_library(video: str, videos: Videos, page: Page, player: Player) -> None:
    """The heading has the focus then."""
    page.goto(videos.server.url)
    page.locator(f"a[href='/v/{video}']").first.click()
    expect(page.locator("h1")).to_be_focused()
    player.until("video.readyState >= 2")
    page.keyboard.press("ArrowRight")
    player.until("Math.abs(video.currentTime - 5) < 0.01")


def test_a_screen_that_failed_to_open_is_tried_again(video: str, videos: Videos, page: Page) -> None:
    """Without the server there is a button that tries again."""
    # Otherwise the stream of changes would say that the server is there, and the screen would recover by itself.
    page.route("**/api/events/ticket", lambda _route: None)
    page.goto(videos.server.url)
    card = page.locator(f"a[href='/v/{video}']").first
    expect(card).to_be_visible()
    page.route(f"**/api/videos/{video}", lambda route: route.abort())
    card.click()
    expect(page.get_by_role("heading", name="This screen could not be loaded")).to_be_visible()
    page.unroute(f"**/api/videos/{video}")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".player")).to_be_visible()


def test_a_screen_that_failed_to_open_recovers_by_itself(video: str, videos: Videos, page: Page) -> None:
    """When the stream of changes says that the server is there again."""
    streams: list[Route] = []

    def hold(route: Route) -> None:
        streams.append(route)

    page.route("**/api/events/ticket", hold)
    page.route(f"**/api/videos/{video}", lambda route: route.abort())
    page.goto(f"{videos.server.url}/v/{video}")
    expect(page.get_by_role("heading", name="This screen could not be loaded")).to_be_visible()
    page.unroute(f"**/api/videos/{video}")
    for route in streams:
        route.continue_()
    page.unroute("**/api/events/ticket")
    expect(page.locator(".player")).to_be_visible()


def test_a_title_that_is_not_saved_stays_in_its_field(video: str, videos: Videos, page: Page, player: Player) -> None:
    """One message, and the focus stays where the user put it; then the title is saved, and the player has it too."""
    player.open(f"{videos.server.url}/v/{video}")
    page.route(f"**/api/videos/{video}", lambda route: route.abort())
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_role("textbox", name="Title")
    field.fill("At the sea")
    search = page.get_by_role("searchbox", name="Search titles and speech")
    search.click()
    expect(page.locator(".toast")).to_have_count(1)
    field.click()
    search.click()
    page.wait_for_timeout(300)
    expect(search).to_be_focused()
    expect(page.locator(".toast")).to_have_count(1)
    expect(field).to_have_value("At the sea")
    page.unroute(f"**/api/videos/{video}")
    field.press("Enter")
    expect(page.get_by_role("heading", name="At the sea")).to_be_visible()
    expect(page.get_by_role("region", name="Player: At the sea")).to_be_visible()
    expect(page).to_have_title("At the sea · Telecine")


def test_a_change_elsewhere_is_shown(videos: Videos, clip: Path, page: Page, player: Player) -> None:
    """The title follows the video, and a video that is deleted says so."""
    video = videos.upload(clip)
    player.open(f"{videos.server.url}/v/{video}")
    videos.call("PATCH", f"/api/videos/{video}", json={"title": "Renamed"})
    videos.put_captions(video, [(1, 2, "Hello")])
    expect(page.get_by_role("heading", name="Renamed")).to_be_visible()
    expect(page.get_by_role("region", name="Player: Renamed")).to_be_visible()
    expect(page).to_have_title("Renamed · Telecine")
    videos.call("DELETE", f"/api/videos/{video}")
    expect(page.get_by_role("heading", name="This video does not exist")).to_be_visible()
    expect(page.locator(".player")).to_have_count(0)
