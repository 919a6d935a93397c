"""Playback over HTTP: signed URLs that need no token, stable within a time slot, and tokens for viewers."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.fakes.transcriber import SENTENCE
from domain.model.access.principal import Scope
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from tests.integration.http.test_access import Route, routes
from tests.integration.http_fixtures import BOB, PROBLEM, WorldApi, world_api
from tests.support.world import ADA

pytestmark = pytest.mark.anyio

PAGE = "https://app.example.org"
NO_TOKEN = {"Authorization": "", "Origin": PAGE}
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n"
UNKNOWN_ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"
VIEWER_ROUTES = {
    "/api/videos/{video_id}/playback",
    "/api/videos/{video_id}/poster",
    "/api/videos/{video_id}/storyboard.vtt",
    "/api/videos/{video_id}/transcript",
    "/api/videos/{video_id}/transcript.vtt",
    "/api/videos/{video_id}/transcript.srt",
    "/api/videos/{video_id}/transcript.txt",
}


async def playback(api: WorldApi, video_id: str) -> dict[str, Any]:
    """The playback of a video."""
    # A new token: tests advance the clock.
    answer = await api.http.get(f"/api/videos/{video_id}/playback", headers=api.speaking_for(ADA))
    assert answer.status_code == httpx.codes.OK, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def token_for(api: WorldApi, video_id: str, expires_in: int = 600) -> dict[str, Any]:
    """A new playback token."""
    answer = await api.http.post(f"/api/videos/{video_id}/playback-tokens", json={"expires_in": expires_in})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    body: dict[str, Any] = answer.json()
    return body


def bearer(token: dict[str, Any]) -> dict[str, str]:
    """The headers of a viewer."""
    return {"Authorization": f"Bearer {token['token']}"}


async def test_every_url_is_served_without_a_token(api: WorldApi) -> None:
    """To a page of any origin, with headers for caches."""
    body = await playback(api, await api.processed())
    [captions] = body["captions"]
    assert (captions["language"], captions["origin"]) == ("en", "generated")
    kinds = {
        body["url"]: "video/mp4",
        body["poster_url"]: "image/jpeg",
        body["storyboard_image_url"]: "image/jpeg",
        body["storyboard_url"]: "text/vtt; charset=utf-8",
        captions["url"]: "text/vtt; charset=utf-8",
    }
    for url, content_type in kinds.items():
        answer = await api.http.get(url, headers=NO_TOKEN)
        assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.OK, content_type), url
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "max-age=" in answer.headers["cache-control"]
        assert (await api.http.head(url, headers=NO_TOKEN)).status_code == httpx.codes.OK
    track = await api.http.get(captions["url"], headers=NO_TOKEN)
    assert SENTENCE.split()[0] in track.text
    assert track.headers["cache-control"] == "public, max-age=5400, immutable"
    assert body["storyboard_image_url"] in (await api.http.get(body["storyboard_url"], headers=NO_TOKEN)).text


async def test_urls_are_the_same_within_a_slot(api: WorldApi) -> None:
    """So that a browser and a CDN find them in their caches; they are valid for as long as the response says."""
    video_id = await api.processed()
    slot_s = 1800
    api.world.clock.advance(slot_s - api.world.clock.now().timestamp() % slot_s)
    first = await playback(api, video_id)
    api.world.clock.advance(slot_s - 1)
    assert await playback(api, video_id) == first
    expires_at = datetime.fromisoformat(first["expires_at"])
    assert expires_at - api.world.clock.now() >= timedelta(seconds=first["expires_in_s"])
    api.world.clock.advance(1)
    second = await playback(api, video_id)
    assert second["url"] != first["url"]
    assert datetime.fromisoformat(second["expires_at"]) - expires_at == timedelta(seconds=slot_s)
    urls = [first["url"], first["storyboard_url"], first["captions"][0]["url"]]
    api.world.clock.advance(first["expires_in_s"] - 1)
    assert [(await api.http.get(url, headers=NO_TOKEN)).status_code for url in urls] == [httpx.codes.OK] * 3
    api.world.clock.advance(1)
    expired = [await api.http.get(url, headers=NO_TOKEN) for url in urls]
    assert [(answer.status_code, answer.json()["code"]) for answer in expired] == [(403, "url_expired")] * 3


async def test_an_unchanged_playback_is_not_sent_again(api: WorldApi) -> None:
    """304 within a slot; new captions, or the next slot, give another ETag."""
    video_id = await api.processed()
    path = f"/api/videos/{video_id}/playback"
    api.world.clock.advance(1800 - api.world.clock.now().timestamp() % 1800)
    api.http.headers.update(api.speaking_for(ADA))
    first = await api.http.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    known = {"If-None-Match": first.headers["etag"]}
    again = await api.http.get(path, headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    put = await api.http.put(
        f"/api/videos/{video_id}/transcript.vtt", content=CAPTIONS, headers={"Content-Type": "text/vtt"}
    )
    assert put.status_code == httpx.codes.OK
    assert (await api.http.get(path, headers=known)).json()["captions"] != first.json()["captions"]
    api.world.clock.advance(1800)
    assert (await api.http.get(path, headers=known | api.speaking_for(ADA))).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        (r"\?.*", ""),
        ("expires=", "expires=9"),
        ("expires=", "expires=x"),
        ("expires=", "expires=%D9%A1"),
        ("expires=[0-9]+&", ""),
        ("v=", "v=0"),
        ("signature=.", "signature="),
        ("signature=.", "signature=%ed%a0%80"),
        ("captions.vtt", "storyboard.vtt"),
        ("/playback/", "/playback/x"),
    ],
)
async def test_a_changed_track_url_is_rejected(api: WorldApi, part: str, changed: str) -> None:
    """The signature covers every part; the problem says nothing about the video."""
    url = (await playback(api, await api.processed()))["captions"][0]["url"]
    answer = await api.http.get(re.sub(part, changed, url, count=1), headers=NO_TOKEN)
    assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.FORBIDDEN, PROBLEM)
    assert answer.json()["code"] == "invalid_signature"


@pytest.mark.parametrize(("added", "code"), [("x=1", "unknown_parameter"), ("v=0", "repeated_parameter")])
async def test_a_track_url_has_only_the_signed_parameters(api: WorldApi, added: str, code: str) -> None:
    """Each once, as the URLs of the local bucket."""
    url = (await playback(api, await api.processed()))["captions"][0]["url"]
    answer = await api.http.get(f"{url}&{added}", headers=NO_TOKEN)
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.BAD_REQUEST, code)


async def test_there_are_only_two_tracks(api: WorldApi) -> None:
    """Any other name is no route, and nothing can be written."""
    url = (await playback(api, await api.processed()))["captions"][0]["url"]
    other = await api.http.get(url.replace("captions.vtt", "original.mp4"), headers=NO_TOKEN)
    assert (other.status_code, other.json()["code"]) == (httpx.codes.NOT_FOUND, "route_not_found")
    assert (await api.http.put(url, headers=NO_TOKEN)).status_code == httpx.codes.METHOD_NOT_ALLOWED


async def test_a_video_without_speech_has_no_captions(tmp_path: Path) -> None:
    """Nor one that is not transcribed; the video plays."""
    async with world_api(tmp_path, has_transcriber=False) as api:
        assert (await playback(api, await api.processed()))["captions"] == []


async def test_a_viewer_plays_one_video(api: WorldApi) -> None:
    """With the same URLs as its owner, until the token is revoked."""
    video_id, other = await api.processed(), await api.processed()
    token = await token_for(api, video_id)
    viewer = bearer(token)
    for path in VIEWER_ROUTES:
        answer = await api.http.get(path.replace("{video_id}", video_id), headers=viewer, follow_redirects=False)
        assert answer.status_code in {httpx.codes.OK, httpx.codes.FOUND}, path
    shown = await api.http.get(f"/api/videos/{video_id}/playback", headers=viewer)
    assert shown.json() == await playback(api, video_id)
    foreign = await api.http.get(f"/api/videos/{other}/playback", headers=viewer)
    unknown = await api.http.get(f"/api/videos/{UNKNOWN_ID}/playback", headers=viewer)
    assert (foreign.status_code, foreign.content) == (httpx.codes.NOT_FOUND, unknown.content)
    revoked = await api.http.delete(f"/api/videos/{video_id}/playback-tokens/{token['token_id']}")
    assert revoked.status_code == httpx.codes.NO_CONTENT
    after = await api.http.get(f"/api/videos/{video_id}/playback", headers=viewer)
    assert (after.status_code, after.json()["code"]) == (httpx.codes.UNAUTHORIZED, "invalid_token")


async def test_a_playback_token_is_rejected_by_every_other_route(api: WorldApi) -> None:
    """Every operation of the document: nothing is read, and nothing is changed."""
    video_id = await api.processed()
    token = await token_for(api, video_id)
    before = await api.remembered()
    rejected: list[Route] = []
    for route in routes(api):
        if not route.path.startswith("/api/") or (route.method == "GET" and route.path in VIEWER_ROUTES):
            continue
        path = route.on(video_id).replace("{token_id}", token["token_id"])
        answer = await api.http.request(route.method, path, headers=bearer(token), json=route.body)
        code = answer.json()["code"]
        if "/events" in route.path:
            # Streams accept tokens of users and tickets only.
            assert (answer.status_code, code) == (httpx.codes.UNAUTHORIZED, "invalid_token"), route
            continue
        assert (answer.status_code, code) == (httpx.codes.FORBIDDEN, "insufficient_scope"), route
        scope = Scope.READ if route.method == "GET" else Scope.WRITE
        if route.path.startswith("/api/operator/"):
            scope = Scope.ADMIN
        assert f'scope="{scope}"' in answer.headers["www-authenticate"]
        rejected.append(route)
    assert len(rejected) >= 18
    assert {route.path for route in routes(api) if route.method == "GET"} >= VIEWER_ROUTES
    assert await api.remembered() == before


async def test_tokens_are_listed_without_their_texts(api: WorldApi) -> None:
    """The text is returned once; another user sees no such video."""
    video_id = await api.processed()
    path = f"/api/videos/{video_id}/playback-tokens"
    token = await token_for(api, video_id)
    assert token["token"].startswith("play_")
    listed = (await api.http.get(path)).json()
    del token["token"]
    assert listed == {"items": [token]}
    bob = api.speaking_for(BOB)
    for answer in (
        await api.http.get(path, headers=bob),
        await api.http.post(path, json={}, headers=bob),
        await api.http.delete(f"{path}/{token['token_id']}", headers=bob),
    ):
        assert (answer.status_code, answer.json()["code"]) == (httpx.codes.NOT_FOUND, "video_not_found")
    api.world.clock.advance(600)
    api.http.headers.update(api.speaking_for(ADA))
    assert (await api.http.get(path)).json() == {"items": []}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"expires_in": 0}', 422, "invalid_expires_in"),
        (b'{"expires_in": -5}', 422, "invalid_expires_in"),
        (b'{"expires_in": 99999999999999999999}', 422, "invalid_expires_in"),
        (b'{"expires_in": "60"}', 400, "invalid_request"),
        (b'{"expires_in": null}', 400, "invalid_request"),
        (b'{"expires": 60}', 400, "invalid_request"),
        (b"[]", 400, "invalid_request"),
        (b"", 400, "invalid_request"),
    ],
)
async def test_a_bad_request_for_a_token(api: WorldApi, body: bytes, status: int, code: str) -> None:
    """No token is issued."""
    path = f"/api/videos/{await api.processed()}/playback-tokens"
    answer = await api.http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await api.http.get(path)).json() == {"items": []}


async def test_viewers_do_not_use_up_the_rate_limit_of_the_owner(tmp_path: Path) -> None:
    """Each token has its own; guessed tokens count against the address."""
    limits = LimitSettings(rate_limit_per_user="4/minute", rate_limit_per_address="1/minute")
    async with world_api(tmp_path, settings=Settings(limits=limits)) as api:
        video = await api.world.upload_and_process()
        token = await token_for(api, video.id)
        path = f"/api/videos/{video.id}/playback"
        statuses = [(await api.http.get(path, headers=bearer(token))).status_code for _ in range(5)]
        assert statuses == [200] * 4 + [429]
        assert (await api.http.get(path)).status_code == httpx.codes.OK
        guessed = {"Authorization": f"Bearer play_{'0' * 64}"}
        assert [(await api.http.get(path, headers=guessed)).status_code for _ in range(2)] == [401, 429]


async def test_track_urls_begin_with_the_public_url(api: WorldApi) -> None:
    """They are absolute, because pages of other origins use them."""
    body = await playback(api, await api.processed())
    public = urlsplit(api.application.options.public_url)
    for url in (body["storyboard_url"], body["captions"][0]["url"]):
        assert urlsplit(url)[:2] == public[:2]
