"""Search over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.model.transcripts.transcript import ChunkTranscript
from tests.integration.http_fixtures import BOB, PROBLEM, WorldApi, world_api

pytestmark = pytest.mark.anyio

SEARCH = "/api/search"


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[WorldApi]:
    """The API over fakes."""
    async with world_api(tmp_path) as opened:
        yield opened


async def _videos(api: WorldApi, *texts: str) -> list[str]:
    """Processed videos with these transcripts, oldest first."""
    ids: list[str] = []
    for text in texts:
        api.world.transcriber.result = ChunkTranscript(text, language="en")
        ids.append(await api.processed())
        api.world.clock.advance(1)
    return ids


async def _captioned(api: WorldApi, text: str) -> str:
    """A video whose captions are one cue with this text."""
    (video_id,) = await _videos(api, "Something else.")
    captions = f"WEBVTT\n\n00:01.000 --> 00:02.500\n{text}\n"
    answer = await api.http.put(
        f"/api/videos/{video_id}/transcript.vtt", content=captions.encode(), headers={"Content-Type": "text/vtt"}
    )
    assert answer.is_success, answer.text
    return video_id


async def _get(api: WorldApi, path: str, **parameters: Any) -> Any:  # noqa: ANN401 (JSON)
    answer = await api.http.get(path, params=parameters)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def test_what_was_said_is_found(api: WorldApi) -> None:
    """The cue with its video, and the ranges that match in UTF-16 code units; plain text, not HTML."""
    video_id = await _captioned(api, "A 🎬 &lt;b>Film&lt;/b> cut.")
    found = await _get(api, SEARCH, q="film")
    (item,) = found["items"]
    assert found["next_cursor"] is None
    assert item == {
        "video_id": video_id,
        "filename": "clip.mp4",
        "title": "clip.mp4",
        "start_s": 1.0,
        "end_s": 2.5,
        "text": "A 🎬 <b>Film</b> cut.",
        "highlights": [{"start": 8, "end": 12}],
    }
    cue = (await _get(api, f"/api/videos/{video_id}/transcript"))["cues"][0]
    assert cue == {name: item[name] for name in ("start_s", "end_s", "text")}
    units = item["text"].encode("utf-16-le")
    assert units[16:24].decode("utf-16-le") == "Film"


async def test_pages_are_followed_by_cursor(api: WorldApi) -> None:
    """The newest video first."""
    ids = await _videos(api, "One word.", "Two words.", "Three words.")
    first = await _get(api, SEARCH, q="word*", limit=2)
    second = await _get(api, SEARCH, q="word*", limit=2, cursor=first["next_cursor"])
    assert [item["video_id"] for page in (first, second) for item in page["items"]] == ids[::-1]
    assert second["next_cursor"] is None


async def test_the_whole_query_comes_first(api: WorldApi) -> None:
    """Although a newer video has the same words, and also over two pages."""
    ids = [await _captioned(api, text) for text in ("One more word.", "A word or one more.")]
    first = await _get(api, SEARCH, q="more word", limit=1)
    second = await _get(api, SEARCH, q="more word", limit=1, cursor=first["next_cursor"])
    assert [item["video_id"] for page in (first, second) for item in page["items"]] == ids
    assert second["next_cursor"] is None


async def test_a_transcript_shows_only_what_matches(api: WorldApi) -> None:
    """With `q`, its cues have highlights."""
    video_id = await _captioned(api, "Grüße aus Köln.")
    path = f"/api/videos/{video_id}/transcript"
    found = await _get(api, path, q="koln")
    assert [(cue["text"], cue["highlights"]) for cue in found["cues"]] == [
        ("Grüße aus Köln.", [{"start": 10, "end": 14}])
    ]
    assert (await _get(api, path, q="Hamburg"))["cues"] == []
    assert "highlights" not in (await _get(api, path))["cues"][0]


async def test_nobody_finds_the_words_of_others(api: WorldApi) -> None:
    """Neither in all transcripts nor in one; without a token, nothing."""
    (video_id,) = await _videos(api, "Secret words.")
    as_bob = api.speaking_for(BOB)
    assert (await api.http.get(SEARCH, params={"q": "secret"}, headers=as_bob)).json()["items"] == []
    one = await api.http.get(f"/api/videos/{video_id}/transcript", params={"q": "secret"}, headers=as_bob)
    assert (one.status_code, one.json()["code"]) == (404, "video_not_found")
    without = await api.http.get(SEARCH, params={"q": "secret"}, headers={"Authorization": ""})
    assert without.status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("", (400, "invalid_request")),
        ("q=", (422, "empty_query")),
        ("q=%22%20*%20-", (422, "empty_query")),
        ("q=%00", (422, "empty_query")),
        ("q=%ED%A0%80", (422, "empty_query")),
        ("q=%FF%FE", (422, "empty_query")),
        ("q=%E2%80%8F", (422, "empty_query")),
        ("q=" + "a" * 10_240, (422, "query_too_long")),
        ("q=a&limit=0", (400, "invalid_limit")),
        ("q=a&limit=x", (400, "invalid_request")),
        ("q=a&cursor=x", (400, "invalid_cursor")),
        ("q=a+b&cursor=C7KM3wAAAAA", (400, "invalid_cursor")),
        ("q=a+b&cursor=" + "_" * 32, (400, "invalid_cursor")),
        ("q=a+b&cursor=" + "A" * 9_000, (400, "invalid_cursor")),
        ("q=a+b&cursor=" + "A" * 32, None),
        ("q=a%00b%ED%A0%80%E2%80%8Fc%27%3B--%22*%28%29", None),
        ("q=a&q=b", (400, "repeated_parameter")),
    ],
)
async def test_no_query_is_a_server_error(api: WorldApi, query: str, refused: tuple[int, str] | None) -> None:
    """Bad ones get a problem document with a code; syntax of SQL and of full-text engines is only text."""
    answer = await api.http.get(f"{SEARCH}?{query}")
    if refused is None:
        assert answer.status_code == httpx.codes.OK
    else:
        assert answer.headers["content-type"] == PROBLEM
        assert (answer.status_code, answer.json()["code"]) == refused
