"""Webhooks over HTTP, with every kind of database."""

import socket
from typing import Any

import httpx
import pytest

from tests.integration.http.test_access import UNKNOWN_ID, headers_of, routes
from tests.integration.http_fixtures import BOB, PROBLEM, Api, WorldApi

pytestmark = pytest.mark.anyio

WEBHOOKS = "/api/webhooks"
# An address, so that no name server is asked; nothing is sent to it.
RECEIVER = "https://8.8.8.8/hook"
NO_SECRET = {
    "id",
    "url",
    "events",
    "description",
    "enabled",
    "disabled_reason",
    "failing_since",
    "previous_secret_until",
    "created_at",
    "updated_at",
}


async def created(api: Api, **declared: object) -> dict[str, Any]:
    """A new webhook."""
    answer = await api.http.post(WEBHOOKS, json={"url": RECEIVER, **declared})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_webhook_is_created_changed_and_deleted(each_api: Api) -> None:
    """Its secret is in the first answer and in that of a rotation."""
    webhook = await created(each_api, events=["video.failed", "video.completed"], description="ä")
    path = f"{WEBHOOKS}/{webhook['id']}"
    assert webhook.keys() - NO_SECRET == {"secret"}
    assert webhook["events"] == ["video.completed", "video.failed"]
    shown = (await each_api.http.get(path)).json()
    assert shown == {name: webhook[name] for name in NO_SECRET}
    assert (await each_api.http.get(WEBHOOKS)).json() == {"items": [shown], "next_cursor": None}
    changed = (await each_api.http.patch(path, json={"enabled": False, "description": ""})).json()
    assert (changed["enabled"], changed["disabled_reason"], changed["description"]) == (False, "owner", None)
    rotated = (await each_api.http.post(f"{path}/rotate-secret")).json()
    assert rotated["secret"] != webhook["secret"]
    assert rotated["previous_secret_until"] is not None
    assert (await each_api.http.delete(path)).status_code == httpx.codes.NO_CONTENT
    assert (await each_api.http.get(path)).json()["code"] == "webhook_not_found"


async def test_a_test_event_is_listed_and_sent_again(each_api: Api) -> None:
    """Nothing runs the job here, so it stays pending."""
    path = f"{WEBHOOKS}/{(await created(each_api))['id']}"
    answer = await each_api.http.post(f"{path}/test")
    assert answer.status_code == httpx.codes.ACCEPTED
    delivery = answer.json()
    assert (delivery["event_type"], delivery["status"], delivery["attempt"]) == ("webhook.test", "pending", 0)
    (listed,) = (await each_api.http.get(f"{path}/deliveries?status=pending")).json()["items"]
    assert listed["message_id"] == f"msg_{delivery['id']}"
    assert (await each_api.http.get(f"{path}/deliveries?status=failed")).json()["items"] == []
    again = await each_api.http.post(f"{path}/deliveries/{delivery['id']}/redeliver")
    assert (again.status_code, again.json()["id"]) == (httpx.codes.ACCEPTED, delivery["id"])
    since = {"since": "2026-01-01T00:00:00+01:00"}
    assert (await each_api.http.post(f"{path}/redeliver", json=since)).json() == {"redelivered": 0}
    await each_api.http.patch(path, json={"enabled": False})
    assert (await each_api.http.post(f"{path}/redeliver", json=since)).json()["code"] == "webhook_disabled"
    assert (await each_api.http.post(f"{path}/test")).json()["code"] == "webhook_disabled"
    await each_api.http.patch(path, json={"enabled": True})
    assert (await each_api.http.post(f"{path}/redeliver", json=since)).json() == {"redelivered": 1}


async def test_lists_have_pages(each_api: Api) -> None:
    """Of webhooks and of deliveries."""
    ids = [(await created(each_api))["id"] for _ in range(3)]
    for _ in range(3):
        await each_api.http.post(f"{WEBHOOKS}/{ids[0]}/test")
    for path in (WEBHOOKS, f"{WEBHOOKS}/{ids[0]}/deliveries"):
        first = (await each_api.http.get(path, params={"limit": 2})).json()
        second = (await each_api.http.get(path, params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert [len(page["items"]) for page in (first, second)] == [2, 1]
        assert second["next_cursor"] is None
        assert len({each["id"] for page in (first, second) for each in page["items"]}) == 3


async def test_a_repeated_creation_gets_the_same_answer(each_api: Api) -> None:
    """With the secret."""
    key = {"Idempotency-Key": "hook"}
    first, second = [await each_api.http.post(WEBHOOKS, json={"url": RECEIVER}, headers=key) for _ in range(2)]
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert len((await each_api.http.get(WEBHOOKS)).json()["items"]) == 1


async def test_a_foreign_webhook_and_an_unknown_one_look_the_same(each_api: Api) -> None:
    """On every route."""
    webhook = await created(each_api)
    delivery = (await each_api.http.post(f"{WEBHOOKS}/{webhook['id']}/test")).json()
    bob = each_api.speaking_for(BOB)
    on_a_webhook = [route for route in routes(each_api) if "{webhook_id}" in route.path]
    assert len(on_a_webhook) == 8
    for route in on_a_webhook:
        path = route.path.replace("{delivery_id}", delivery["id"])
        foreign, unknown = [
            await each_api.http.request(
                route.method, path.replace("{webhook_id}", webhook_id), headers=bob, json=route.body
            )
            for webhook_id in (webhook["id"], UNKNOWN_ID)
        ]
        assert (foreign.status_code, foreign.content) == (httpx.codes.NOT_FOUND, unknown.content), route
        assert foreign.json()["code"] == "webhook_not_found"
        assert headers_of(foreign) == headers_of(unknown), route
    shown = (await each_api.http.get(f"{WEBHOOKS}/{webhook['id']}")).json()
    assert shown["updated_at"] == webhook["updated_at"]
    assert (await each_api.http.get(WEBHOOKS, headers=bob)).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "http://8.8.8.8/"}, 422, "webhook_https_required"),
        ({"url": "https://127.0.0.1/"}, 422, "webhook_address_not_allowed"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, 422, "webhook_address_not_allowed"),
        ({"url": "https://0x7f.1/"}, 422, "invalid_webhook_url"),
        ({"url": "https://ada:secret@8.8.8.8/"}, 422, "invalid_webhook_url"),
        ({"url": "https://8.8.8.8:6379/"}, 422, "webhook_port_not_allowed"),
        ({"url": "https://8.8.8.8/" + "x" * 3000}, 422, "invalid_webhook_url"),
        ({"url": RECEIVER, "events": []}, 422, "invalid_event_filter"),
        ({"url": RECEIVER, "events": ["video.*"]}, 422, "invalid_event_filter"),
        ({"url": RECEIVER, "description": "x" * 256}, 422, "invalid_description"),
        ({"url": RECEIVER, "secret": "whsec_AA=="}, 400, "invalid_request"),
        ({"url": RECEIVER, "enabled": "yes"}, 400, "invalid_request"),
        ({"url": None}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
    ],
)
async def test_a_wrong_webhook_is_rejected(api: WorldApi, body: dict[str, object], status: int, code: str) -> None:
    """When it is created, and when it is changed; a URL is never in the answer, since it may hold a token."""
    path = f"{WEBHOOKS}/{(await created(api))['id']}"
    answer = await api.http.post(WEBHOOKS, json=body)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (status, PROBLEM, code)
    if body and body["url"] is not None:
        answer = await api.http.patch(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "ada:" not in answer.text
    assert len((await api.http.get(WEBHOOKS)).json()["items"]) == 1


async def test_a_name_of_a_private_address_is_rejected(each_api: Api) -> None:
    """`localhost`, and this machine's own name if it has a private address."""
    if isinstance(each_api, WorldApi):
        return
    answer = await each_api.http.post(WEBHOOKS, json={"url": "https://localhost:8443/"})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook_address_not_allowed")
    assert socket.gethostbyname("localhost").startswith("127.")


@pytest.mark.parametrize(
    "body", [{}, {"since": "yesterday"}, {"since": "2026-01-01T00:00:00"}, {"since": 5}, {"since": None}, {"until": ""}]
)
async def test_a_wrong_time_is_rejected(api: WorldApi, body: dict[str, object]) -> None:
    """A time needs its zone."""
    path = f"{WEBHOOKS}/{(await created(api))['id']}/redeliver"
    assert (await api.http.post(path, json=body)).json()["code"] == "invalid_request"


async def test_a_time_outside_of_the_calendar_is_rejected(each_api: Api) -> None:
    """In UTC it would be in the year 0."""
    path = f"{WEBHOOKS}/{(await created(each_api))['id']}/redeliver"
    answer = await each_api.http.post(path, json={"since": "0001-01-01T00:00:00+14:00"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_since")


async def test_an_unknown_status_is_rejected(api: WorldApi) -> None:
    """Like that of videos."""
    path = f"{WEBHOOKS}/{(await created(api))['id']}/deliveries"
    for status in ("sent", "null", ""):
        answer = await api.http.get(path, params={"status": status})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
