"""What generated functions return."""

import httpx
import pytest

from telecine_client import Client, ErrorResponse, UnexpectedResponse
from telecine_client.answers import successful
from telecine_client.rest.api.videos import get_video_status
from telecine_client.rest.models.video_status import VideoStatus

PROBLEM = {"type": "about:blank", "title": "Not found", "status": 404, "code": "video_not_found", "detail": "No."}
STATUS: dict[str, object] = {
    "video_id": "v",
    "status": "completed",
    "playable": True,
    "stages": [],
    "warnings": [],
    "failure": None,
    "created_at": "2026-11-30T10:00:00Z",
    "updated_at": "2026-11-30T10:00:01Z",
}


def client_of(response: httpx.Response) -> Client:
    """A client that gets this response."""
    return Client("http://telecine.test", "x", transport=httpx.MockTransport(lambda _: response))


def test_an_object_is_returned() -> None:
    """With its type."""
    with client_of(httpx.Response(200, json=STATUS)) as client:
        assert successful(get_video_status.sync(client=client.rest, video_id="v")).playable


def test_a_value_of_a_newer_server_is_kept() -> None:
    """An older client must not fail because of a new stage, status or code."""
    with client_of(httpx.Response(200, json=STATUS | {"status": "archived"})) as client:
        status = successful(get_video_status.sync(client=client.rest, video_id="v")).status
    assert (status, f"{status}", status.value) == ("archived", "archived", "archived")
    assert status != VideoStatus.COMPLETED
    assert VideoStatus("archived") == status


def test_a_problem_is_raised() -> None:
    """With its code and status."""
    with client_of(httpx.Response(404, json=PROBLEM)) as client, pytest.raises(ErrorResponse, match=r"No\.") as caught:
        successful(get_video_status.sync(client=client.rest, video_id="v"))
    assert (caught.value.code, caught.value.status) == ("video_not_found", 404)


def test_an_unknown_status_is_raised() -> None:
    """It is that of a proxy, for example."""
    with client_of(httpx.Response(418)) as client, pytest.raises(UnexpectedResponse):
        successful(get_video_status.sync(client=client.rest, video_id="v"))
