"""Bearer tokens of the client."""

import httpx
import pytest

from telecine_client import Client, InvalidArgument
from telecine_client.rest.api.videos import get_video

PROBLEM = {"type": "about:blank", "title": "Not found", "status": 404, "code": "video_not_found", "detail": "No."}


class Headers:
    """Records the `Authorization` of each request."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer with a problem."""
        self.seen.append(request.headers["authorization"])
        return httpx.Response(404, json=PROBLEM)


def test_a_function_is_called_before_each_request() -> None:
    """Also before those of generated functions."""
    headers, tokens = Headers(), iter(["a", "b"])
    with Client("http://telecine.test", lambda: next(tokens), transport=httpx.MockTransport(headers.handle)) as client:
        get_video.sync(client=client.rest, video_id="v")
        get_video.sync(client=client.rest, video_id="v")
    assert headers.seen == ["Bearer a", "Bearer b"]


@pytest.mark.parametrize("token", ["a\nb", "schlüssel"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    """At once, or when it is returned."""
    with pytest.raises(InvalidArgument) as caught:
        Client("http://telecine.test", token)
    assert caught.value.code == "invalid_token"
    with Client("http://telecine.test", lambda: token) as client, pytest.raises(InvalidArgument):
        client.status("v")
