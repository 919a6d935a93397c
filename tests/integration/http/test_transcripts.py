"""Transcripts over HTTP: regenerated, and uploaded by the owner."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript
from domain.use_cases.transcripts.replace_captions import MAX_CAPTIONS_BYTES
from tests.integration.http_fixtures import BOB, PRESIGNED, PROBLEM, WorldApi, world_api

pytestmark = pytest.mark.anyio

VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nMine & only\nmine.\n\n00:00:02.000 --> 00:00:12.000\n<i>Over</i> it.\n"
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nMine.\r\n"
HINTS: dict[str, Any] = {"language": "de", "keywords": ["Telecine", "Ada Lovelace"]}


def path_of(video_id: str, below: str = ".vtt") -> str:
    """The path of the transcript."""
    return f"/api/videos/{video_id}/transcript{below}"


async def status_and_stage(api: WorldApi, video_id: str, name: str) -> tuple[str, str]:
    """The video's status, and the state of a stage."""
    status = await api.status(video_id)
    return status["status"], next(stage["state"] for stage in status["stages"] if stage["name"] == name)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """The error code of a rejected request."""
    assert answer.headers["content-type"] == PROBLEM
    return answer.status_code, answer.json()["code"]


async def test_a_new_transcript_is_requested_and_made(api: WorldApi) -> None:
    """202; the old one is served until then; a repetition gets the running transcription."""
    video_id = await api.processed()
    old = (await api.http.get(path_of(video_id))).text
    api.world.transcriber.result = ChunkTranscript("Guten Tag.", language="de")
    answer = await api.http.post(path_of(video_id, "/regenerate"), json=HINTS)
    assert (answer.status_code, answer.json()["status"]) == (httpx.codes.ACCEPTED, "completed")
    assert answer.json() == await api.status(video_id)
    assert await status_and_stage(api, video_id, "transcribe") == ("completed", "pending")
    again = await api.http.post(path_of(video_id, "/regenerate"))
    assert code_of(again) == (409, "transcription_in_progress")
    assert (await api.http.get(path_of(video_id))).text == old
    await api.world.run_jobs()
    assert await status_and_stage(api, video_id, "transcribe") == ("completed", "done")
    transcript = (await api.http.get(path_of(video_id, ""))).json()
    assert (transcript["text"], transcript["language"], transcript["origin"]) == ("Guten Tag.", "de", "generated")
    assert api.world.transcriber.hints[-1] == SpeechHints("de", ("Telecine", "Ada Lovelace"))


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        ({}, None),
        ({"json": {}}, None),
        ({"json": {"language": None}}, None),
        ({"json": {"keywords": ["R2"]}}, None),
        ({"content": b"", "headers": {"Content-Type": "application/json"}}, None),
        ({"json": {"language": "deu"}}, (422, "invalid_language")),
        ({"json": {"keywords": ["<R2>"]}}, (422, "invalid_keywords")),
        ({"json": {"keywords": "R2"}}, (400, "invalid_request")),
        ({"json": {"prompt": "R2"}}, (400, "invalid_request")),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, (400, "invalid_request")),
        ({"content": b"R2", "headers": {"Content-Type": "text/plain"}}, (415, "unsupported_media_type")),
        ({"json": {"keywords": ["a" * 64] * 2000}}, (413, "body_too_large")),
    ],
)
async def test_hints_may_be_left_out(api: WorldApi, request_: dict[str, Any], refused: tuple[int, str] | None) -> None:
    """The body is optional too; hints that are present must be valid."""
    video_id = await api.processed()
    answer = await api.http.post(path_of(video_id, "/regenerate"), **request_)
    if refused is None:
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    else:
        assert code_of(answer) == refused


async def test_hints_come_with_an_upload(api: WorldApi) -> None:
    """They are stored for the transcription; the same key with other hints is another request."""
    body = {"filename": "clip.mp4", "file_size": 4096, "content_type": ""}
    headers = {"Idempotency-Key": "again-1"}
    granted = await api.http.post(PRESIGNED, json={**body, **HINTS}, headers=headers)
    assert granted.status_code == httpx.codes.CREATED
    video = await api.world.video(VideoId(granted.json()["video_id"]))
    assert video.speech_hints == SpeechHints("de", ("Telecine", "Ada Lovelace"))
    again = await api.http.post(PRESIGNED, json={**body, **HINTS}, headers=headers)
    assert again.json()["video_id"] == granted.json()["video_id"]
    for other in ({**HINTS, "language": "en"}, {"language": "de"}, {}):
        answer = await api.http.post(PRESIGNED, json={**body, **other}, headers=headers)
        assert code_of(answer) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("hints", "code"),
    [
        ({"language": "German"}, "invalid_language"),
        ({"language": ""}, "invalid_language"),
        ({"keywords": ["a"] * 101}, "invalid_keywords"),
        ({"keywords": ["a\nb"]}, "invalid_keywords"),
    ],
)
async def test_invalid_hints_make_no_upload(api: WorldApi, hints: dict[str, Any], code: str) -> None:
    """Nothing is signed or written."""
    before = await api.remembered()
    answer = await api.http.post(PRESIGNED, json={"filename": "a.mp4", "file_size": 1, "content_type": "", **hints})
    assert code_of(answer) == (422, code)
    assert await api.remembered() == before


@pytest.mark.parametrize("content_type", ["text/vtt", "text/vtt; charset=utf-8", "text/plain", None])
async def test_own_captions_are_served_as_they_came(api: WorldApi, content_type: str | None) -> None:
    """With their times, line breaks and overlaps; also in the other formats."""
    video_id = await api.processed()
    headers = {} if content_type is None else {"Content-Type": content_type}
    answer = await api.http.put(path_of(video_id), content=VTT.encode(), headers=headers, params={"language": "de"})
    assert (answer.status_code, answer.json()) == (httpx.codes.OK, await api.status(video_id))
    transcript = (await api.http.get(path_of(video_id, ""))).json()
    assert (transcript["origin"], transcript["language"]) == ("uploaded", "de")
    assert [(cue["start_s"], cue["end_s"]) for cue in transcript["cues"]] == [(1.0, 2.5), (2.0, 12.0)]
    served = (await api.http.get(path_of(video_id))).text
    assert "00:00:01.000 --> 00:00:02.500\nMine &amp; only\nmine.\n" in served
    assert "00:00:02,000 --> 00:00:12,000" in (await api.http.get(path_of(video_id, ".srt"))).text
    assert "it." in (await api.http.get(path_of(video_id, ".txt"))).text


@pytest.mark.parametrize("content_type", ["application/x-subrip", "text/vtt", "application/octet-stream"])
async def test_subrip_is_recognised_by_its_content(api: WorldApi, content_type: str) -> None:
    """Whatever its content type is."""
    video_id = await api.processed()
    answer = await api.http.put(path_of(video_id), content=SRT.encode(), headers={"Content-Type": content_type})
    assert answer.status_code == httpx.codes.OK
    assert (await api.http.get(path_of(video_id, ".txt"))).text == "Mine.\n"


async def test_own_captions_can_be_deleted(api: WorldApi) -> None:
    """The video has no transcript until a new one is requested."""
    video_id = await api.processed()
    assert code_of(await api.http.delete(path_of(video_id))) == (409, "generated_captions")
    await api.http.put(path_of(video_id), content=SRT.encode())
    assert code_of(await api.http.post(path_of(video_id, "/regenerate"))) == (409, "own_captions")
    assert (await api.http.delete(path_of(video_id))).status_code == httpx.codes.NO_CONTENT
    for answer in (await api.http.get(path_of(video_id)), await api.http.delete(path_of(video_id))):
        assert code_of(answer) == (404, "transcript_not_found")
    assert (await api.http.post(path_of(video_id, "/regenerate"))).status_code == httpx.codes.ACCEPTED
    await api.world.run_jobs()
    assert (await api.http.get(path_of(video_id, ""))).json()["origin"] == "generated"


async def test_captions_complete_a_video_that_failed_in_transcription(api: WorldApi) -> None:
    """Nothing is missing any more."""
    api.world.transcriber.fail(Rejected("No."))
    video_id = await api.processed()
    assert await status_and_stage(api, video_id, "transcribe") == ("failed", "failed")
    await api.http.put(path_of(video_id), content=SRT.encode())
    assert await status_and_stage(api, video_id, "transcribe") == ("completed", "skipped")
    assert (await api.status(video_id))["failure"] is None


async def _slowly(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


@pytest.mark.parametrize(
    ("request_", "refused"),
    [
        ({"content": b""}, (400, "invalid_captions")),
        ({"content": b"<html>"}, (400, "invalid_captions")),
        ({"content": b"WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nBack.\n"}, (400, "invalid_captions")),
        ({"content": b"x" * (MAX_CAPTIONS_BYTES + 1)}, (413, "captions_too_large")),
        ({"content": SRT, "headers": {"Content-Type": "application/json"}}, (415, "unsupported_media_type")),
        ({"content": SRT, "headers": {"Content-Type": "video/mp4"}}, (415, "unsupported_media_type")),
        ({"content": SRT, "params": {"language": "German"}}, (422, "invalid_language")),
        ({"content": SRT, "headers": {"Content-Length": "4000"}}, (400, "incomplete_body")),
    ],
)
async def test_invalid_captions_are_refused(api: WorldApi, request_: dict[str, Any], refused: tuple[int, str]) -> None:
    """And nothing changes."""
    video_id = await api.processed()
    before = await api.remembered()
    assert code_of(await api.http.put(path_of(video_id), **request_)) == refused
    assert await api.remembered() == before


async def test_the_invalid_line_is_named(api: WorldApi) -> None:
    """So that the client can find it."""
    video_id = await api.processed()
    answer = await api.http.put(path_of(video_id), content=b"WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nBack.\n")
    assert "3" in answer.json()["detail"]


async def test_the_largest_captions_are_taken(api: WorldApi) -> None:
    """5 MiB to the byte, in any number of chunks."""
    video_id = await api.processed()
    content = b"WEBVTT\n\n00:01.000 --> 00:02.000\nMine.\n\nNOTE ".ljust(MAX_CAPTIONS_BYTES, b"x")
    answer = await api.http.put(path_of(video_id), content=_slowly(content))
    assert answer.status_code == httpx.codes.OK
    more = await api.http.put(path_of(video_id), content=_slowly(content + b"x"))
    assert code_of(more) == (413, "captions_too_large")


async def test_captions_need_an_uploaded_video(api: WorldApi) -> None:
    """Without an upload, there is nothing that they could describe."""
    grant = await api.grant()
    assert code_of(await api.http.put(path_of(grant["video_id"]), content=SRT)) == (409, "invalid_transition")
    assert code_of(await api.http.post(path_of(grant["video_id"], "/regenerate"))) == (409, "not_playable")
    await api.complete(grant["video_id"], success=False)
    assert code_of(await api.http.put(path_of(grant["video_id"]), content=SRT)) == (409, "upload_closed")


async def test_foreign_and_unknown_videos_look_alike(api: WorldApi) -> None:
    """Every change to a transcript gets the same 404, and changes nothing."""
    video_id = await api.processed()
    before = await api.remembered()
    for each_id in (video_id, "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"):
        for method, below, body in (("POST", "/regenerate", None), ("PUT", ".vtt", SRT), ("DELETE", ".vtt", None)):
            answer = await api.http.request(
                method, path_of(each_id, below), content=body, headers=api.speaking_for(BOB)
            )
            assert code_of(answer) == (404, "video_not_found")
    assert await api.remembered() == before


async def test_without_a_transcriber_no_transcript_is_requested(tmp_path: Path) -> None:
    """Uploaded captions are still accepted."""
    async with world_api(tmp_path, has_transcriber=False) as deaf:
        video_id = await deaf.processed()
        assert code_of(await deaf.http.post(path_of(video_id, "/regenerate"))) == (409, "transcription_disabled")
        assert [warning["code"] for warning in (await deaf.status(video_id))["warnings"]] == ["transcription_disabled"]
        assert (await deaf.http.put(path_of(video_id), content=SRT)).json()["warnings"] == []
