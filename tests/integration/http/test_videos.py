"""Reading, playing and deleting videos over HTTP."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest

from adapters.fakes.transcoder import fake_video_bytes
from adapters.fakes.transcriber import SENTENCE
from domain.model.errors import CompressionFailed, MediaRejected
from tests.integration.http_fixtures import BOB, CONTENT, WorldApi

pytestmark = pytest.mark.anyio

STAGES = ["upload", "download", "probe", "compress", "publish", "transcribe"]
UNKNOWN_PACE = {"speed": None, "eta_s": None}
STATUS_FIELDS = {
    "video_id",
    "status",
    "playable",
    "stages",
    "failure",
    "warnings",
    "created_at",
    "updated_at",
}
MORE_FIELDS = {
    "title",
    "external_id",
    "metadata",
    "duration_s",
    "captions",
    "poster_url",
    "playback_url",
    "filename",
    "content_type",
    "size_bytes",
    "r2_key",
    "media",
    "rendition_size_bytes",
    "original_kept",
    "rendition_kind",
    "original",
}


async def get(api: WorldApi, path: str, status_code: int = 200) -> Any:  # noqa: ANN401 (whatever the JSON holds)
    """The JSON at the path."""
    answer = await api.http.get(path)
    assert answer.status_code == status_code, answer.text
    return answer.json()


async def test_status_of_a_new_video(api: WorldApi) -> None:
    """Exactly the agreed fields; only the stage `upload` is running."""
    grant = await api.grant()
    body = await get(api, grant["status_url"])
    assert body.keys() == STATUS_FIELDS
    assert body["video_id"] == grant["video_id"]
    assert (body["status"], body["playable"], body["failure"], body["warnings"]) == ("uploading", False, None, [])
    assert body["stages"] == [
        {"name": "upload", "state": "running", "percent": 0.0, "attempt": 1} | UNKNOWN_PACE,
        *({"name": name, "state": "pending", "percent": 0.0, "attempt": 0} | UNKNOWN_PACE for name in STAGES[1:]),
    ]
    assert datetime.fromisoformat(body["created_at"]) == api.world.clock.now()
    assert body["created_at"].endswith("Z")


async def test_status_of_a_finished_video(api: WorldApi) -> None:
    """Every stage is done, and the video is playable."""
    body = await get(api, f"/api/videos/{await api.processed()}/status")
    assert (body["status"], body["playable"], body["failure"]) == ("completed", True, None)
    assert [(stage["name"], stage["state"], stage["percent"]) for stage in body["stages"]] == [
        (name, "done", 100.0) for name in STAGES
    ]


async def test_status_of_a_failed_video_says_where_and_why(api: WorldApi) -> None:
    """A file that begins like a video may still not be one."""
    api.world.transcoder.fail("probe", MediaRejected("There is no picture in it.", code="not_a_video"))
    body = await get(api, f"/api/videos/{await api.processed()}/status")
    assert (body["status"], body["playable"]) == ("failed", False)
    assert (body["failure"]["stage"], body["failure"]["code"]) == ("probe", "not_a_video")
    assert body["failure"]["message"]


async def test_a_warning_is_shown(api: WorldApi) -> None:
    """Compression failed: the original is kept, and a warning says so."""
    api.world.transcoder.fail("compress", CompressionFailed("It did not work."))
    body = await get(api, f"/api/videos/{await api.processed()}")
    assert [warning["code"] for warning in body["warnings"]] == ["compression_failed"]
    assert (body["original_kept"], body["rendition_size_bytes"]) == (True, len(CONTENT))


async def test_a_video_is_shown_with_its_source_and_rendition(api: WorldApi) -> None:
    """In addition to its status."""
    video_id = await api.processed()
    body = await get(api, f"/api/videos/{video_id}")
    assert body.keys() == STATUS_FIELDS | MORE_FIELDS
    assert (body["filename"], body["content_type"], body["size_bytes"]) == ("clip.mp4", "video/mp4", len(CONTENT))
    assert body["r2_key"] == f"videos/ada/{video_id}.mp4"
    assert body["media"] == {
        "kind": "video",
        "container": "mov",
        "duration_s": 10.0,
        "width": 1280,
        "height": 720,
        "frame_rate": 30.0,
        "video_codec": "h264",
        "audio_codec": "aac",
    }
    assert 0 < body["rendition_size_bytes"] < len(CONTENT)
    assert (body["original_kept"], body["rendition_kind"]) == (False, "encoded")


async def test_sound_alone_is_shown_as_audio(api: WorldApi) -> None:
    """The properties of a picture are empty; the poster is a waveform, and there is no storyboard."""
    video_id = (await api.world.upload_and_process(fake_video_bytes(video_codec=None))).id
    media = (await get(api, f"/api/videos/{video_id}"))["media"]
    assert (media["kind"], media["video_codec"], media["audio_codec"]) == ("audio", None, "aac")
    assert (media["width"], media["height"], media["frame_rate"]) == (0, 0, 0.0)
    playback = await get(api, f"/api/videos/{video_id}/playback")
    assert (playback["content_type"], playback["storyboard_url"]) == ("audio/mp4", None)
    assert playback["poster_url"] is not None


async def test_pages_show_every_video_once_newest_first(api: WorldApi) -> None:
    """The cursor leads from page to page, and is null on the last one."""
    made: list[str] = []
    for _ in range(5):
        made.append((await api.grant())["video_id"])
        api.world.clock.advance(1)
    shown: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    sizes: list[int] = []
    while True:
        answer = await api.http.get("/api/videos", params={"limit": 2, **cursor})
        page = answer.json()
        assert page.keys() == {"items", "next_cursor"}
        shown += page["items"]
        sizes.append(len(page["items"]))
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sizes == [2, 2, 1]
    assert [video["video_id"] for video in shown] == made[::-1]
    assert all(newer["created_at"] > older["created_at"] for newer, older in pairwise(shown))
    assert shown[0].keys() == STATUS_FIELDS | MORE_FIELDS


async def test_a_list_may_be_of_one_status(api: WorldApi) -> None:
    """The filter accepts the five public statuses."""
    waiting, done = (await api.grant())["video_id"], await api.processed()
    for status, expected in {"uploading": [waiting], "completed": [done], "failed": []}.items():
        page = await get(api, f"/api/videos?status={status}")
        assert [video["video_id"] for video in page["items"]] == expected


async def test_a_list_shows_ones_own_videos_only(api: WorldApi) -> None:
    """Another user gets an empty page."""
    await api.grant()
    answer = await api.http.get("/api/videos", headers=api.speaking_for(BOB))
    assert answer.json() == {"items": [], "next_cursor": None}


async def test_a_deleted_video_is_gone(api: WorldApi) -> None:
    """204, then 404 on every route; the objects are deleted afterwards."""
    video_id = await api.processed()
    gone = await api.http.delete(f"/api/videos/{video_id}")
    assert (gone.status_code, gone.content) == (httpx.codes.NO_CONTENT, b"")
    for path in ("", "/status", "/transcript", "/transcript.vtt", "/playback", "/poster", "/storyboard.vtt"):
        assert (await get(api, f"/api/videos/{video_id}{path}", 404))["code"] == "video_not_found"
    assert (await api.http.delete(f"/api/videos/{video_id}")).status_code == httpx.codes.NOT_FOUND
    assert (await get(api, "/api/videos"))["items"] == []
    await api.world.run_jobs()
    assert api.world.keys == set()


async def test_the_transcript_comes_with_cues(api: WorldApi) -> None:
    """The whole text, and pieces with their times."""
    video_id = await api.processed()
    body = await get(api, f"/api/videos/{video_id}/transcript")
    assert body.keys() == {"video_id", "language", "origin", "text", "cues"}
    assert (body["video_id"], body["language"], body["text"]) == (video_id, "en", SENTENCE)
    assert " ".join(cue["text"] for cue in body["cues"]) == SENTENCE
    assert all(cue.keys() == {"start_s", "end_s", "text"} and cue["start_s"] < cue["end_s"] for cue in body["cues"])


@pytest.mark.parametrize(
    ("extension", "content_type", "beginning"),
    [
        ("vtt", "text/vtt; charset=utf-8", "WEBVTT\n\n00:00:00.000 --> 00:00:"),
        ("srt", "application/x-subrip; charset=utf-8", "1\n00:00:00,000 --> 00:00:"),
        ("txt", "text/plain; charset=utf-8", "The quick brown fox"),
    ],
)
async def test_captions_come_as_files(api: WorldApi, extension: str, content_type: str, beginning: str) -> None:
    """Each with its own path and content type."""
    answer = await api.http.get(f"/api/videos/{await api.processed()}/transcript.{extension}")
    assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.OK, content_type)
    assert answer.text.startswith(beginning)
    assert answer.text.endswith("\n")


@pytest.mark.parametrize("name", ["transcript", "transcript.vtt", "transcript.srt", "transcript.txt"])
async def test_a_missing_transcript(api: WorldApi, name: str) -> None:
    """404 with a specific code, because the video exists."""
    assert (await get(api, f"/api/videos/{await api.uploaded()}/{name}", 404))["code"] == "transcript_not_found"


async def test_the_playback_url_serves_ranges(api: WorldApi) -> None:
    """The URL needs no token and serves what was published."""
    body = await get(api, f"/api/videos/{await api.processed()}/playback")
    assert body.keys() == {
        *("title", "url", "content_type", "size_bytes", "is_original", "kind"),
        *("poster_url", "storyboard_url", "storyboard_image_url", "captions"),
        *("expires_in_s", "expires_at"),
    }
    assert (body["content_type"], body["expires_in_s"]) == ("video/mp4", 3600)
    assert (body["is_original"], body["kind"]) == (False, "encoded")
    whole = await api.http.get(body["url"], headers={"Authorization": ""})
    part = await api.http.get(body["url"], headers={"Authorization": "", "Range": "bytes=4-7"})
    assert (whole.status_code, len(whole.content)) == (httpx.codes.OK, body["size_bytes"])
    assert (part.status_code, part.content) == (httpx.codes.PARTIAL_CONTENT, b"ftyp")


async def test_the_poster_is_a_redirect(api: WorldApi) -> None:
    """Usable as an `img` source by clients that follow redirects; the image is a JPEG."""
    answer = await api.http.get(f"/api/videos/{await api.processed()}/poster")
    assert answer.status_code == httpx.codes.FOUND
    picture = await api.http.get(answer.headers["location"], headers={"Authorization": ""})
    assert (picture.status_code, picture.headers["content-type"]) == (httpx.codes.OK, "image/jpeg")


async def test_a_video_without_a_poster(api: WorldApi) -> None:
    """404 with a specific code; the video still plays."""
    api.world.transcoder.fail("poster", CompressionFailed("No picture."))
    video_id = await api.processed()
    assert (await get(api, f"/api/videos/{video_id}/playback"))["poster_url"] is None
    assert (await get(api, f"/api/videos/{video_id}/poster", 404))["code"] == "poster_not_found"


async def test_a_storyboard_leads_to_its_sheet(api: WorldApi) -> None:
    """Each cue names a rectangle of one image, under a URL that needs no token."""
    playback = await get(api, f"/api/videos/{await api.processed()}/playback")
    answer = await api.http.get(playback["storyboard_url"])
    assert (answer.status_code, answer.headers["content-type"]) == (httpx.codes.OK, "text/vtt; charset=utf-8")
    head, *cues = answer.text.strip().split("\n\n")
    assert (head, len(cues)) == ("WEBVTT", 5)
    times, address = cues[1].split("\n")
    assert times == "00:00:02.000 --> 00:00:04.000"
    url, _, place = address.partition("#xywh=")
    assert place == "160,0,160,90"
    picture = await api.http.get(url, headers={"Authorization": ""})
    assert (picture.status_code, picture.headers["content-type"]) == (httpx.codes.OK, "image/jpeg")


async def test_a_video_without_a_storyboard(api: WorldApi) -> None:
    """404 with a specific code; the video still plays."""
    api.world.transcoder.fail("storyboard", CompressionFailed("No picture."))
    video_id = await api.processed()
    assert (await get(api, f"/api/videos/{video_id}/playback"))["storyboard_url"] is None
    assert (await get(api, f"/api/videos/{video_id}/storyboard.vtt", 404))["code"] == "storyboard_not_found"


@pytest.mark.parametrize("name", ["playback", "poster", "storyboard.vtt"])
async def test_nothing_plays_before_it_is_published(api: WorldApi, name: str) -> None:
    """409: the request is valid, but the video is not ready."""
    assert (await get(api, f"/api/videos/{await api.uploaded()}/{name}", 409))["code"] == "not_playable"


async def test_the_status_has_an_etag_while_nothing_changes(api: WorldApi) -> None:
    """A client with the current status gets 304; any change, such as of a percentage, gives another ETag."""
    grant = await api.grant()
    path = f"/api/videos/{grant['video_id']}/status"
    first = await api.http.get(path)
    for known in (first.headers["ETag"], f'W/{first.headers["ETag"]}, "other"', "*"):
        again = await api.http.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert again.headers["Retry-After"] == "5"
    await api.put(grant)
    await api.complete(grant["video_id"])
    changed = await api.http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json()["status"], changed.headers["Retry-After"]) == (200, "uploaded", "2")
    await api.world.run_jobs()
    done = await api.http.get(path, headers={"If-None-Match": changed.headers["ETag"]})
    assert (done.json()["status"], "Retry-After" in done.headers) == ("completed", False)
