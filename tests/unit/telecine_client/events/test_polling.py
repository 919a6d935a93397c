"""Polling the API where event streams do not work."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpx

from telecine_client.client import Client
from telecine_client.events.polling import DEFAULT_PAUSE_S, LIST_PAUSE_S, ListPoller, StatusPoller

URL = "http://telecine.test"


def client_of(answer: Callable[[httpx.Request], httpx.Response]) -> Client:
    """A client whose requests get these answers."""
    return Client(URL, "token", transport=httpx.MockTransport(answer))


def test_a_status_is_asked_for_with_its_etag() -> None:
    """304 is no news; `Retry-After` is the pause, and a pause without it is short; a terminal status is the last."""
    tags: list[str | None] = []
    answers = [
        httpx.Response(200, json={"status": "processing"}, headers={"ETag": '"1"', "Retry-After": "5"}),
        httpx.Response(304, headers={"ETag": '"1"', "Retry-After": "7"}),
        httpx.Response(200, json={"status": "completed"}, headers={"ETag": '"2"'}),
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        tags.append(request.headers.get("If-None-Match"))
        return answers[len(tags) - 1]

    with closing(client_of(answer)) as client:
        poller = StatusPoller(client, "v", until_terminal=True)
        first, unchanged = poller.poll(), poller.poll()
        assert not poller.is_over
        last = poller.poll()
    assert [update.data["status"] for update in first[0]] == ["processing"]
    assert (first[1], unchanged, last[1]) == (5.0, ([], 7.0), DEFAULT_PAUSE_S)
    assert (tags, poller.is_over) == ([None, '"1"', '"1"'], True)


def test_a_list_reports_what_changed() -> None:
    """First the videos in progress, then each one that is new or has changed, oldest first."""

    def video(name: str, status: str, minute: int) -> dict[str, Any]:
        return {"video_id": name, "status": status, "updated_at": f"10:{minute}"}

    pages = [
        [video("b", "processing", 1), video("a", "completed", 0)],
        [video("c", "uploading", 2), video("b", "processing", 1), video("a", "completed", 0)],
        [video("c", "uploaded", 4), video("b", "completed", 3), video("a", "completed", 0)],
    ]
    with closing(client_of(lambda _: httpx.Response(200, json={"items": pages.pop(0)}))) as client:
        poller = ListPoller(client)
        shown = [poller.poll() for _ in range(3)]
    assert [[update.data["video_id"] for update in updates] for updates, _ in shown] == [["b"], ["c"], ["b", "c"]]
    assert {pause_s for _, pause_s in shown} == {LIST_PAUSE_S}
