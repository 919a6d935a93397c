"""Signing in with a token, on Postgres, Redis and a bucket of another origin; and a token that expires in between."""

import json
import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.acts import choose, clip, photograph, set_rate, slow_uploads, tray
from tests.browser.axe import expect_accessible
from tests.browser.watched import Watch
from tests.e2e.processes import Telecine

SLOW = 4 * 1024 * 1024
EXPIRED = json.dumps(
    {"type": "about:blank", "title": "x", "status": 401, "code": "token_expired", "detail": "Expired."}
)


def sign_in(page: Page, server: Telecine, user: str = "ada") -> str:
    """Sign in as a person does."""
    token = server.token(user)
    page.goto(server.url)
    page.get_by_label("Token", exact=True).fill(token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Videos")).to_be_visible()
    return token


def test_a_token_is_asked_for_and_a_refusal_says_why(page: Page, page_on_s3: Telecine, screenshots: Path) -> None:
    """The form explains what a token is; after signing in, the address that was wanted is shown."""
    page.goto(f"{page_on_s3.url}/?show=failed")
    expect(page.get_by_role("heading", name="Sign in to Telecine")).to_be_visible()
    page.get_by_text("What is a token").click()
    expect(page.get_by_text("telecine token --user NAME")).to_be_visible()
    expect_accessible(page)
    photograph(page, screenshots, "sign-in")
    field = page.get_by_label("Token", exact=True)
    for wrong, answer in (("", "Enter a token."), ("abc", "not a whole token"), ("a.b.c", "did not issue this token")):
        field.fill(wrong)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text(answer)
    expect_accessible(page)
    photograph(page, screenshots, "sign-in-refused")
    field.fill(f"Bearer {page_on_s3.token('grace')} ")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Nothing failed")).to_be_visible()
    page.get_by_role("button", name="Account: grace").click()
    expect(page.get_by_role("menuitem", name="Operator")).to_be_hidden()
    expect_accessible(page)
    photograph(page, screenshots, "account")


def test_an_upload_waits_for_a_new_token_and_goes_on(
    page: Page, context: BrowserContext, page_on_s3: Telecine, tmp_path: Path, screenshots: Path
) -> None:
    """The server refuses the old token in mid-upload: a dialog asks for another one over the screen."""
    old = sign_in(page, page_on_s3)
    network = slow_uploads(context, page, SLOW)
    choose(page, clip(tmp_path, "film.mp4", padding_bytes=40 * 1024 * 1024))
    item = tray(page).get_by_role("listitem").filter(has_text="film.mp4")
    expect(item.get_by_text(re.compile(r"^[1-9]\d* % "))).to_be_visible()

    def refuse(route: Route) -> None:
        if route.request.headers.get("authorization") == f"Bearer {old}":
            route.fulfill(status=401, body=EXPIRED, content_type="application/problem+json")
        else:
            route.continue_()

    context.route("**/api/**", refuse)
    set_rate(network, -1)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    expect_accessible(page)
    photograph(page, screenshots, "expired")
    dialog.get_by_label("Token", exact=True).fill(page_on_s3.token("ada"))
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()
    expect(item.get_by_text("Ready to play")).to_be_visible()


def test_a_blocked_bucket_is_named_and_the_server_is_offered(
    page: Page, context: BrowserContext, page_on_s3: Telecine, tmp_path: Path, watch: Watch, screenshots: Path
) -> None:
    """Where the network blocks the bucket, the file can be sent through the server."""
    sign_in(page, page_on_s3, "linus")
    context.route("http://localhost:*/**", lambda route: route.abort())
    choose(page, clip(tmp_path, "blocked.mp4"))
    item = tray(page).get_by_role("listitem").filter(has_text="blocked.mp4")
    expect(item.get_by_text(re.compile("The network blocks the storage"))).to_be_visible()
    expect_accessible(page)
    photograph(page, screenshots, "blocked")
    item.get_by_role("button", name="Send through the server").click()
    expect(item.get_by_text("Ready to play")).to_be_visible()
    watch.errors.clear()
