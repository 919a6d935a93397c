"""The API of an operator: who may use it, and what it shows of whom."""

from datetime import timedelta

import httpx
import pytest

from domain.model.access.principal import DEFAULT_SCOPES, Scope
from domain.model.errors import MediaRejected
from domain.model.ids import UserId
from tests.integration.http_fixtures import CONTENT, Api, WorldApi

pytestmark = pytest.mark.anyio

OVERVIEW, JOBS, USERS = "/api/operator/overview", "/api/operator/jobs?state=queued", "/api/operator/users"
RETRY = "/api/operator/jobs/none/retry"


def admin(api: Api) -> dict[str, str]:
    """A token that has no other scope."""
    token = api.tokens.issue(UserId("root"), lifetime_s=600, scopes=frozenset({Scope.ADMIN}))
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("method", "path"), [("GET", OVERVIEW), ("GET", JOBS), ("GET", USERS), ("POST", RETRY)])
async def test_only_an_operator_may_use_it(api: WorldApi, method: str, path: str) -> None:
    """Every other scope together does not suffice, and neither does a token without scopes; the response names it."""
    every_other = api.tokens.issue(UserId("ada"), lifetime_s=600, scopes=frozenset(set(Scope) - {Scope.ADMIN}))
    for headers in ({"Authorization": f"Bearer {every_other}"}, api.speaking_for(UserId("ada"))):
        answer = await api.http.request(method, path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="admin"'
    assert (await api.http.request(method, path, headers={"Authorization": ""})).status_code == 401
    assert Scope.ADMIN not in DEFAULT_SCOPES


async def test_an_operator_without_other_scopes_reads_no_video(api: WorldApi) -> None:
    """The scope does not imply the others."""
    video_id = await api.processed()
    for path in ("/api/videos", f"/api/videos/{video_id}", f"/api/videos/{video_id}/playback"):
        assert (await api.http.get(path, headers=admin(api))).status_code == 403


async def test_the_overview_on_every_database(each_api: Api) -> None:
    """Versions, queues, videos and the last hour."""
    grant = await each_api.grant()
    await each_api.put(grant)
    assert (await each_api.complete(grant["video_id"])).status_code == 200
    await each_api.grant()
    answer = await each_api.http.get(OVERVIEW, headers=admin(each_api))
    assert answer.status_code == 200, answer.text
    overview = answer.json()
    assert overview["videos"] == {"uploading": 1, "uploaded": 1, "processing": 0, "completed": 0, "failed": 0}
    assert overview["storage"] == {"videos": 2, "bytes": 2 * len(CONTENT)}
    queues = {queue["name"]: queue for queue in overview["queues"]}
    assert set(queues) == {"media", "io", "maintenance", "webhooks"}
    assert (queues["media"]["waiting"], queues["media"]["due"], queues["media"]["running"]) == (1, 1, 0)
    assert queues["media"]["oldest_waiting_s"] >= 0
    minutes = overview["last_hour"]["minutes"]
    assert len(minutes) == 60
    assert sum(minute["uploaded"] for minute in minutes) == 1
    assert overview["sandbox"]["level"] in {"full", "partial", "none"}
    assert (overview["ffmpeg_version"] is None) is False
    jobs = (await each_api.http.get(JOBS, headers=admin(each_api))).json()["items"]
    assert [(job["kind"], job["video_id"], job["user_id"], job["title"]) for job in jobs] == [
        ("process", grant["video_id"], "ada", "clip.mp4")
    ]
    assert (jobs[0]["state"], jobs[0]["stage"], jobs[0]["worker"], jobs[0]["error"]) == ("queued", None, None, None)
    assert jobs[0]["created_at"] is not None
    users = (await each_api.http.get(USERS, headers=admin(each_api))).json()
    assert users == {
        "items": [{"user_id": "ada", "videos": 2, "bytes": 2 * len(CONTENT), "uploading": 1}],
        "next_cursor": None,
    }


async def test_a_dead_job_is_listed_and_retried(api: WorldApi) -> None:
    """With its error; afterwards its video goes on."""
    api.world.transcoder.fail("probe", MediaRejected("This is not a video."), times=1)
    video_id = await api.processed()
    dead = (await api.http.get("/api/operator/jobs?state=dead", headers=admin(api))).json()["items"]
    assert [(job["video_id"], job["error"]) for job in dead] == [(video_id, "not_a_video: This is not a video.")]
    assert dead[0]["worker"] is not None
    path = f"/api/operator/jobs/{dead[0]['job_id']}/retry"
    retried = await api.http.post(path, headers=admin(api))
    assert (retried.status_code, retried.json()["state"], retried.json()["attempt"]) == (200, "queued", 0)
    again = await api.http.post(path, headers=admin(api))
    assert (again.status_code, again.json()["code"]) == (409, "job_not_dead")
    await api.world.run_jobs()
    assert (await api.status(video_id))["status"] == "completed"
    assert (await api.http.post(RETRY, headers=admin(api))).json()["code"] == "job_not_found"


async def test_one_user_s_numbers_are_not_another_s(api: WorldApi) -> None:
    """Each user has an own row, and a user's own calls show none of them."""
    body = {"filename": "clip.mp4", "file_size": 7_777_777, "content_type": ""}
    for name in ("grace", "eve"):
        granted = await api.http.post("/api/videos/upload/presigned", json=body, headers=api.speaking_for(UserId(name)))
        assert granted.status_code == httpx.codes.CREATED
    rows = (await api.http.get(USERS, headers=admin(api))).json()["items"]
    assert {row["user_id"]: (row["videos"], row["bytes"]) for row in rows} == {
        "grace": (1, 7_777_777),
        "eve": (1, 7_777_777),
    }
    for path in ("/api/me", "/api/options", "/api/videos"):
        shown = (await api.http.get(path)).text
        assert "7777777" not in shown
        assert "grace" not in shown


@pytest.mark.parametrize("state", ["", "done", "null", "RUNNING"])
async def test_only_some_states_are_listed(api: WorldApi, state: str) -> None:
    """Done jobs are not."""
    answer = await api.http.get("/api/operator/jobs", params={"state": state}, headers=admin(api))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_the_time_since_a_job_is_due_grows(api: WorldApi) -> None:
    """By the clock of the database."""
    await api.uploaded()
    api.world.clock.advance(timedelta(minutes=3).total_seconds())
    queues = (await api.http.get(OVERVIEW, headers=admin(api))).json()["queues"]
    assert next(queue["oldest_waiting_s"] for queue in queues if queue["name"] == "media") == 180.0
