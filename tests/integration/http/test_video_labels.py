"""Titles, external ids and metadata over HTTP: at create, by PATCH, and in lists."""

import json
from typing import Any

import httpx
import pytest

from domain.model.uploads.labels import MAX_METADATA_BYTES
from tests.integration.http_fixtures import BOB, CONTENT, PRESIGNED, Api, WorldApi

pytestmark = pytest.mark.anyio

FORM = "/api/videos/upload"
LABELS: dict[str, Any] = {
    "title": " A day\u200f at the sea ",
    "external_id": "order-1042",
    "metadata": {"week": 3, "n": [1.0, None]},
}
SHOWN = {**LABELS, "title": "A day\u200f at the sea"}


async def _shown(api: Api, video_id: str) -> dict[str, Any]:
    answer = await api.http.get(f"/api/videos/{video_id}")
    return {name: answer.json()[name] for name in LABELS}


async def _patched(api: Api, video_id: str, body: object) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    return await api.http.patch(f"/api/videos/{video_id}", content=content, headers=headers)


async def _titles(api: Api, query: str) -> list[str]:
    answer = await api.http.get(f"/api/videos?{query}")
    assert answer.status_code == httpx.codes.OK, answer.text
    return [video["title"] for video in answer.json()["items"]]


async def test_every_way_to_create_a_video_takes_labels(api: WorldApi) -> None:
    """The presigned upload and the old form; null and nothing are the same."""
    made = [(await api.grant(**LABELS))["video_id"]]
    texts = {**LABELS, "metadata": json.dumps(LABELS["metadata"])}
    answer = await api.http.post(FORM, data=texts, files={"file": ("clip.mp4", CONTENT)})
    made.append(answer.json()["video_id"])
    assert [await _shown(api, video_id) for video_id in made] == [SHOWN] * 2
    plain = await api.grant(title=None, external_id=None, metadata=None)
    assert await _shown(api, plain["video_id"]) == {"title": "clip.mp4", "external_id": None, "metadata": {}}


async def test_a_video_is_changed_in_part(each_api: Api) -> None:
    """What the request does not name stays, and null removes; every database does the same."""
    video_id = (await each_api.grant(**LABELS))["video_id"]
    steps: list[tuple[dict[str, object], dict[str, object]]] = [
        ({}, {}),
        ({"title": ""}, {"title": "clip.mp4"}),
        ({"title": "\U0001f3ac"}, {"title": "\U0001f3ac"}),
        ({"metadata": {"\0": "\0"}}, {"metadata": {"\0": "\0"}}),
        ({"metadata": None, "external_id": None}, {"metadata": {}, "external_id": None}),
        ({"title": None}, {"title": "clip.mp4"}),
    ]
    for body, changed in steps:
        before = await _shown(each_api, video_id)
        answer = await _patched(each_api, video_id, body)
        assert answer.status_code == httpx.codes.OK, answer.text
        assert {name: answer.json()[name] for name in LABELS} == before | changed
        assert await _shown(each_api, video_id) == before | changed


async def test_only_the_owner_changes_a_video(api: WorldApi) -> None:
    """To another user it does not exist."""
    video_id = (await api.grant(**LABELS))["video_id"]
    answer = await api.http.patch(f"/api/videos/{video_id}", json={"title": "x"}, headers=api.speaking_for(BOB))
    assert (answer.status_code, answer.json()["code"]) == (404, "video_not_found")
    assert await _shown(api, video_id) == SHOWN


def _metadata(size_bytes: int) -> bytes:
    return b'{"metadata":{"k":"%b"}}' % (b"x" * (size_bytes - len('{"k":""}')))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (_metadata(MAX_METADATA_BYTES), 200, None),
        (_metadata(MAX_METADATA_BYTES + 1), 422, "invalid_metadata"),
        (b'{"metadata":{"k":"%b"}}' % (b"\\u00e9" * (MAX_METADATA_BYTES // 2)), 422, "invalid_metadata"),
        (b'{"metadata":%b}' % (b'{"a":' * 32 + b"1" + b"}" * 32), 200, None),
        (b'{"metadata":%b}' % (b'{"a":' * 33 + b"1" + b"}" * 33), 422, "invalid_metadata"),
        (b'{"metadata":{"a":%b}}' % (b"[" * 900 + b"]" * 900), 400, "invalid_request"),
        (b'{"metadata":{"a":%b}}' % (b"[" * 30_000 + b"]" * 30_000), 400, "invalid_request"),
        (b'{"metadata":{"a":"%b"}}' % (b"[" * 900), 200, None),
        (b'{"metadata":{"a":NaN}}', 400, "invalid_request"),
        (b'{"metadata":{"a":1e999}}', 422, "invalid_metadata"),
        (b'{"metadata":{"a":18446744073709551616}}', 422, "invalid_metadata"),
        (b'{"metadata":{"a":"\\ud800"}}', 400, "invalid_request"),
        (b'{"metadata":{"a":1,"a":2}}', 400, "invalid_request"),
        (b'{"metadata":[1]}', 400, "invalid_request"),
        (b'{"metadata":"{}"}', 400, "invalid_request"),
        (b'{"title":"a\\u0000"}', 422, "invalid_title"),
        (b'{"title":"a\\nb"}', 422, "invalid_title"),
        (b'{"title":5}', 400, "invalid_request"),
        (b'{"titel":"a"}', 400, "invalid_request"),
        (b'{"external_id":"%b"}' % (b"x" * 256), 422, "invalid_external_id"),
        (b"[]", 400, "invalid_request"),
        (b"", 400, "invalid_request"),
    ],
    ids=lambda value: str(value[:40]) if isinstance(value, bytes) else None,
)
async def test_labels_have_limits(api: WorldApi, body: bytes, status: int, code: str | None) -> None:
    """What is refused changes nothing; a create refuses the same."""
    video_id = (await api.grant())["video_id"]
    before = await _shown(api, video_id)
    answer = await _patched(api, video_id, body)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text[:300]
    if code is not None:
        assert await _shown(api, video_id) == before
    if body.startswith(b'{"'):
        whole = b'{"filename":"a.mp4","file_size":5,"content_type":"",' + body[1:]
        headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
        created = await api.http.post(PRESIGNED, content=whole, headers=headers)
        assert (created.status_code, created.json().get("code")) == (201 if status == 200 else status, code)


@pytest.mark.parametrize("metadata", ["[1]", "{", '{"a":1,"a":2}', '{"a":1e999}', "null"])
async def test_a_form_refuses_other_metadata(api: WorldApi, metadata: str) -> None:
    """The field is one JSON object."""
    answer = await api.http.post(FORM, data={"metadata": metadata}, files={"file": ("clip.mp4", CONTENT)})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_metadata")


async def test_a_key_covers_the_labels(api: WorldApi) -> None:
    """The same request with another title is another request; without labels, the fingerprint is that of before."""
    key = {"Idempotency-Key": "k"}
    first = await api.grant(headers=key, **LABELS)
    assert (await api.grant(headers=key, **LABELS))["video_id"] == first["video_id"]
    body = {"filename": "clip.mp4", "file_size": len(CONTENT), "content_type": "", **LABELS, "title": "x"}
    answer = await api.http.post(PRESIGNED, json=body, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_lists_are_filtered_and_sorted(each_api: Api) -> None:
    """By title, id and time; the pages join in every order."""
    for title, external_id in (("Caf\u00e9", "a"), ("beta", "b"), ("Zebra", "a"), ("CAFE", None)):
        await each_api.grant(title=title, external_id=external_id)
    assert await _titles(each_api, "sort=title") in (["beta", *pair, "Zebra"] for pair in _EITHER)
    assert await _titles(each_api, "q=caf&sort=created_at") == ["Caf\u00e9", "CAFE"]
    assert await _titles(each_api, "external_id=a") == ["Zebra", "Caf\u00e9"]
    assert await _titles(each_api, "status=uploading,failed&status=completed&sort=-title&q=e") != []
    assert await _titles(each_api, "status=failed") == []
    assert await _titles(each_api, "captions=missing") == []
    created = [each["created_at"] for each in (await each_api.http.get("/api/videos")).json()["items"]]
    bounds = {"created_after": created[2], "created_before": created[0]}
    found = await each_api.http.get("/api/videos", params=bounds)
    assert [each["created_at"] for each in found.json()["items"]] == [
        time for time in created if created[2] <= time < created[0]
    ]
    for sort in ("title", "-title", "created_at", "-created_at"):
        assert await _joined(each_api, sort) == await _titles(each_api, f"sort={sort}")


_EITHER = (["Caf\u00e9", "CAFE"], ["CAFE", "Caf\u00e9"])


async def _joined(api: Api, sort: str) -> list[str]:
    titles: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.http.get("/api/videos", params={"sort": sort, "limit": 1, **cursor})).json()
        titles += [video["title"] for video in page["items"]]
        if page["next_cursor"] is None:
            return titles
        cursor = {"cursor": page["next_cursor"]}


async def test_a_cursor_belongs_to_its_list(api: WorldApi) -> None:
    """With another order or filter it is refused; the size of the page may change."""
    for _ in range(3):
        await api.grant()
    cursor = (await api.http.get("/api/videos?limit=1&sort=title")).json()["next_cursor"]
    for query, status in (("sort=title&limit=2", 200), ("sort=-title", 400), ("", 400), ("sort=title&q=a", 400)):
        answer = await api.http.get(f"/api/videos?{query}&cursor={cursor}")
        assert (answer.status_code, answer.json().get("code")) == (status, "invalid_cursor" if status == 400 else None)


@pytest.mark.parametrize(
    "query",
    [
        *("status=", "status=done", "status=failed,", "sort=", "sort=size", "sort=null", "captions=none", "captions="),
        *("created_after=yesterday", "created_before=2026-01-02", "created_after=2026-01-02T03:04:05"),
        "created_after=0001-01-01T00:00:00%2B14:00",
    ],
)
async def test_malformed_conditions_are_refused(api: WorldApi, query: str) -> None:
    """Instead of being ignored."""
    answer = await api.http.get(f"/api/videos?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_a_list_shows_the_same_urls_as_the_player(api: WorldApi) -> None:
    """So that the page of a video loads nothing twice; `captions` and the duration are there, too."""
    video_id = await api.processed()
    playback = (await api.http.get(f"/api/videos/{video_id}/playback")).json()
    (shown,) = (await api.http.get("/api/videos")).json()["items"]
    assert (shown["poster_url"], shown["playback_url"]) == (playback["poster_url"], playback["url"])
    assert (shown["duration_s"], shown["captions"]) == (10.0, "generated")
    await api.http.put(f"/api/videos/{video_id}/transcript.vtt", content=b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n")
    assert (await api.http.get(f"/api/videos/{video_id}")).json()["captions"] == "own"
    await api.http.delete(f"/api/videos/{video_id}/transcript.vtt")
    assert await _titles(api, "captions=missing") == ["clip.mp4"]


async def test_events_name_the_title_and_the_external_id(api: WorldApi) -> None:
    """As the video has them at that time."""
    video_id = (await api.grant(**LABELS))["video_id"]
    await api.upload(video_id, "DELETE")
    async with api.application.check_health.database.write() as work:
        await work.events.settle()
        (logged,) = await work.events.after(0, limit=9)
    assert (logged.event.title, logged.event.external_id) == (SHOWN["title"], SHOWN["external_id"])
