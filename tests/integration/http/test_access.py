"""Access to the API: every route in the OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from entrypoints.http.app import MAX_JSON_BYTES
from tests.integration.http_fixtures import BOB, PRESIGNED, PROBLEM, Api, WorldApi
from tests.support.world import ADA

pytestmark = pytest.mark.anyio

UNKNOWN_ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"
OPEN = {"/health/live", "/health/ready"}


@dataclass(frozen=True)
class Route:
    """One operation of the API."""

    method: str
    path: str
    body: Any

    def on(self, video_id: str) -> str:
        """The path for this video."""
        return self.path.replace("{video_id}", video_id)


def routes(api: Api) -> Iterator[Route]:
    """Every operation, each with its first request example as the body."""
    for path, operations in api.document()["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {"content": {}})["content"]
            examples = [example for media in content.values() for example in media["schema"].get("examples", [])]
            yield Route(method.upper(), path, examples[0] if examples else None)


def refused_tokens(api: WorldApi) -> dict[str, str | None]:
    """Invalid Authorization headers, by the error code that they must get."""
    expired = api.speaking_for(ADA)["Authorization"]
    api.world.clock.advance(601)
    return {
        "missing_token": None,
        "missing_token ": "",
        "missing_token  ": "Bearer ",
        "missing_token   ": "Basic YWRhOmFkYQ==",
        "invalid_token": "Bearer garbage",
        "invalid_token ": "Bearer " + "x" * 8000,
        "invalid_token  ": "Bearer two words",
        "token_expired": expired,
    }


async def test_every_route_but_health_needs_a_valid_token(api: WorldApi) -> None:
    """401 with a challenge; the body is not read, even if it is invalid."""
    for expected, token in refused_tokens(api).items():
        for route in routes(api):
            if route.path in OPEN:
                continue
            headers = {} if token is None else {"Authorization": token}
            api.http.headers.pop("Authorization", None)
            answer = await api.http.request(route.method, route.on(UNKNOWN_ID), headers=headers, content=b"{not JSON")
            actual = (answer.status_code, answer.headers["content-type"], answer.json()["code"])
            assert actual == (httpx.codes.UNAUTHORIZED, PROBLEM, expected.strip()), route
            assert answer.headers["www-authenticate"] == f'Bearer error="{expected.strip()}"'


async def test_a_stranger_is_refused_before_the_body_is_read(api: WorldApi) -> None:
    """A client without a token cannot make the server receive a body."""
    api.http.headers.pop("Authorization")
    answer = await api.http.post(PRESIGNED, content=b" " * (MAX_JSON_BYTES + 1))
    assert answer.status_code == httpx.codes.UNAUTHORIZED


async def test_health_needs_no_token(api: WorldApi) -> None:
    """Probes have no token."""
    api.http.headers.pop("Authorization")
    open_routes = [route for route in routes(api) if route.path in OPEN]
    assert len(open_routes) == len(OPEN)
    for route in open_routes:
        assert (await api.http.get(route.path)).status_code == httpx.codes.OK


async def test_the_scheme_is_not_case_sensitive(api: WorldApi) -> None:
    """RFC 9110, section 11.1."""
    token = api.speaking_for(ADA)["Authorization"].removeprefix("Bearer ")
    for scheme in ("bearer", "BEARER"):
        answer = await api.http.get("/api/videos", headers={"Authorization": f"{scheme} {token}"})
        assert answer.status_code == httpx.codes.OK


def headers_of(answer: httpx.Response) -> dict[str, str]:
    """The response headers, except those specific to the request."""
    return {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "date"}}


async def test_a_foreign_id_and_an_unknown_one_look_the_same(each_api: Api) -> None:
    """Status, headers and body, on every route and method, including HEAD; nothing is changed."""
    grant = await each_api.grant()
    await each_api.put(grant)
    await each_api.complete(grant["video_id"])
    before, bob = await each_api.remembered(), each_api.speaking_for(BOB)
    requests = [(route.method, route) for route in routes(each_api) if "{video_id}" in route.path]
    requests += [("HEAD", route) for method, route in requests if method == "GET"]
    for method, route in requests:
        foreign, unknown = [
            await each_api.http.request(method, route.on(video_id), headers=bob, json=route.body)
            for video_id in (grant["video_id"], UNKNOWN_ID)
        ]
        assert (foreign.status_code, foreign.content) == (404, unknown.content), (method, route)
        assert headers_of(foreign) == headers_of(unknown), (method, route)
    assert await each_api.remembered() == before
    assert len(requests) > 15


@pytest.mark.parametrize("state", ["uploading", "uploaded", "completed"])
async def test_anothers_video_looks_as_if_it_did_not_exist(api: WorldApi, state: str) -> None:
    """The same status and body as for an unknown id on every route; the video stays unchanged."""
    make = {"uploaded": api.uploaded, "completed": api.processed}
    video_id = (await api.grant())["video_id"] if state == "uploading" else await make[state]()
    before = (await api.http.get(f"/api/videos/{video_id}")).content
    bob = api.speaking_for(BOB)
    on_a_video = [route for route in routes(api) if "{video_id}" in route.path]
    assert on_a_video
    for route in on_a_video:
        foreign = await api.http.request(route.method, route.on(video_id), headers=bob, json=route.body)
        unknown = await api.http.request(route.method, route.on(UNKNOWN_ID), headers=bob, json=route.body)
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content), route
        assert (foreign.status_code, foreign.json()["code"]) == (httpx.codes.NOT_FOUND, "video_not_found"), route
        assert headers_of(foreign) == headers_of(unknown), route
    assert (await api.http.get(f"/api/videos/{video_id}")).content == before


async def test_anothers_upload_can_not_be_reported_failed(api: WorldApi) -> None:
    """Nor complete."""
    video_id = (await api.grant())["video_id"]
    path = f"/api/videos/{video_id}/upload/complete"
    answer = await api.http.post(path, json={"success": False}, headers=api.speaking_for(BOB))
    assert answer.json()["code"] == "video_not_found"
    assert (await api.http.get(f"/api/videos/{video_id}/status")).json()["status"] == "uploading"


@pytest.mark.parametrize(
    "video_id",
    ["x", "%00", "%ff", "%ed%a0%80", "..%2f..%2fetc%2fpasswd", "a" * 4000, "%F0%9F%98%80", "'%20or%201=1", "%0d%0aX:1"],
)
async def test_any_text_is_an_unknown_id(each_api: Api, video_id: str) -> None:
    """Ids of any format get 404."""
    for route in routes(each_api):
        if "{video_id}/" in route.path:
            answer = await each_api.http.request(route.method, route.on(video_id), json=route.body)
            assert answer.status_code == httpx.codes.NOT_FOUND, route
