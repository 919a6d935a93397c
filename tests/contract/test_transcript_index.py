"""The contract of every index of transcripts."""

import random
from datetime import timedelta

import pytest

from domain.model.errors import Rejected, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.search.hits import HitCursor, SearchHit
from domain.model.search.matching import highlights_of
from domain.model.search.query import SearchQuery, parse_query
from domain.model.search.ranking import ResultCursor, rank_of
from domain.model.uploads.labels import Labels
from domain.ports.database import Database
from domain.use_cases.search.search_transcripts import SearchTranscripts
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_cue, a_transcript, a_uuid, a_video

pytestmark = pytest.mark.anyio

BOB = UserId("bob")
OTHER = VideoId(a_uuid(7))


async def store(
    database: Database, *texts: str, video_id: VideoId = VIDEO_ID, owner: UserId = OWNER, age: int = 0
) -> None:
    """Store a video whose cues have these texts; it is `age` seconds older than a video of age 0."""
    video = a_video(id=video_id, owner=owner, created_at=NOW - timedelta(seconds=age))
    cues = tuple(a_cue(start_s=float(number), end_s=number + 0.5, text=text) for number, text in enumerate(texts))
    async with database.write() as work:
        await work.videos.add(video)
        await work.transcripts.save(a_transcript(video_id=video_id, cues=cues))


async def hits(
    database: Database, query: str, *, owner: UserId = OWNER, limit: int = 1000, after: HitCursor | None = None
) -> list[SearchHit]:
    """The hits of a query."""
    async with database.read() as work:
        return await work.transcript_index.search(owner, parse_query(query), limit=limit, after=after)


async def texts(database: Database, query: str, *, owner: UserId = OWNER) -> list[str]:
    """The texts of the hits."""
    return [hit.text for hit in await hits(database, query, owner=owner)]


async def test_a_hit_names_its_cue(database: Database) -> None:
    """With its video and its times, and the text as it was stored."""
    await store(database, "Nothing here", "Grüße <b>& co</b> 🎬")
    (hit,) = await hits(database, "grusse CO")
    assert (hit.video_id, hit.filename, hit.text) == (VIDEO_ID, "holiday.mp4", "Grüße <b>& co</b> 🎬")
    assert (hit.start_s, hit.end_s) == (1.0, 1.5)
    assert hit.title == "holiday.mp4"


async def test_a_hit_has_the_title_of_now(database: Database) -> None:
    """Also one that was given after the transcript was added."""
    await store(database, "A word")
    async with database.write() as work:
        await work.videos.save(a_video(labels=Labels("At the sea")))
    (hit,) = await hits(database, "word")
    assert (hit.title, hit.filename) == ("At the sea", "holiday.mp4")


async def test_an_empty_index_has_no_hits(database: Database) -> None:
    """No video, no transcript, an empty transcript, and cues without words."""
    assert await hits(database, "word") == []
    await store(database, video_id=OTHER)
    await store(database, "", "♪ ♪", "\u200b")
    assert await hits(database, "word") == []


async def test_only_the_owner_finds_a_cue(database: Database) -> None:
    """Also not with a query that looks like an owner."""
    await store(database, "secret plans")
    await store(database, "public plans", video_id=OTHER, owner=BOB)
    assert await texts(database, "plans") == ["secret plans"]
    assert await texts(database, "plans", owner=BOB) == ["public plans"]
    assert await texts(database, "pl*", owner=UserId("nobody")) == []
    assert await texts(database, "secret", owner=BOB) == []


async def test_the_newest_video_and_its_earliest_cue_come_first(database: Database) -> None:
    """In whatever order they were stored."""
    await store(database, "word 0", "no", "word 2", age=60)
    await store(database, "word 3", video_id=OTHER, age=120)
    await store(database, "word 4", "word 5", video_id=VideoId(a_uuid(8)), age=30)
    assert await texts(database, "word") == ["word 4", "word 5", "word 0", "word 2", "word 3"]


async def test_pages_continue_where_they_ended(database: Database) -> None:
    """Each hit once; a newer video that is added in between does not shift them."""
    for number in range(3):
        cues = [f"word {number} {cue}" for cue in range(5)]
        await store(database, *cues, video_id=VideoId(a_uuid(10 + number)), age=10 - number)
    expected = await texts(database, "word")
    found, after = list[str](), None
    while page := await hits(database, "word", limit=2, after=after):
        assert len(page) == 2 or len(found) == 14
        found += [hit.text for hit in page]
        after = HitCursor(page[-1].position)
        await store(database, "word", video_id=VideoId(a_uuid(100 + len(found))), age=-len(found))
    assert found == expected
    assert len(found) == 15


@pytest.mark.parametrize("position", [0, 2**63 - 1])
async def test_any_cursor_is_a_place(database: Database, position: int) -> None:
    """The lowest and the highest one."""
    await store(database, "word")
    assert len(await hits(database, "word", after=HitCursor(position))) == (position > 0)


async def test_videos_of_one_moment_are_all_found(database: Database) -> None:
    """None takes the place of another."""
    for number in range(12):
        await store(database, f"word {number}", video_id=VideoId(a_uuid(20 + number)))
    assert sorted(await texts(database, "word")) == sorted(f"word {number}" for number in range(12))


async def test_a_saved_transcript_replaces_the_indexed_one(database: Database) -> None:
    """In the transaction that saves it; old words are not found."""
    await store(database, "old words", "more old words")
    async with database.write() as work:
        await work.transcripts.save(a_transcript(cues=(a_cue(text="new words"),)))
        found = await work.transcript_index.search(OWNER, parse_query("words"), limit=9)
        assert [hit.text for hit in found] == ["new words"]
    assert await texts(database, "words") == ["new words"]


async def test_a_rollback_leaves_the_index(database: Database) -> None:
    """It belongs to the transaction."""

    async def replace_and_fail() -> None:
        async with database.write() as work:
            await work.transcripts.save(a_transcript(cues=(a_cue(text="new words"),)))
            raise Rejected("Undone.", code="undone")

    await store(database, "old words")
    with pytest.raises(Rejected):
        await replace_and_fail()
    assert await texts(database, "words") == ["old words"]


@pytest.mark.parametrize("deleted", ["transcript", "video"])
async def test_a_deleted_transcript_is_not_found(database: Database, deleted: str) -> None:
    """Neither alone nor with its video; it can be stored again."""
    await store(database, "old words")
    async with database.write() as work:
        await (work.transcripts.delete(VIDEO_ID) if deleted == "transcript" else work.videos.delete(VIDEO_ID, now=NOW))
    assert await texts(database, "words") == []
    async with database.write() as work:
        if deleted == "video":
            await work.videos.add(a_video())
        await work.transcripts.save(a_transcript(cues=(a_cue(text="new words"),)))
    assert await texts(database, "words") == ["new words"]


async def test_an_indexed_transcript_can_be_added_again(database: Database) -> None:
    """A job may be repeated; nothing that was saved is missing."""
    await store(database, "some words")
    async with database.write() as work:
        await work.transcript_index.add(await work.transcripts.get(VIDEO_ID))
        assert await work.transcript_index.missing(limit=10) == []
    assert await texts(database, "words") == ["some words"]


async def test_a_transcript_needs_its_video(database: Database) -> None:
    """It may be deleted while a job runs."""
    with pytest.raises(VideoNotFound):
        async with database.write() as work:
            await work.transcript_index.add(a_transcript())


@pytest.mark.parametrize("stray", ["\0", "\ud800"])
async def test_no_character_keeps_a_cue_from_being_found(database: Database, stray: str) -> None:
    """What no database stores separates words, in a cue and in a query."""
    await store(database, f"before{stray}after")
    (hit,) = await hits(database, f"{stray}after{stray} before")
    assert hit.text.startswith("before")
    assert highlights_of(parse_query("after"), hit.text)


async def test_extreme_cues_are_indexed(database: Database) -> None:
    """A word of 100,000 letters, thousands of words, and a word hundreds of times."""
    long = "x" * 100_000
    many = " ".join(f"w{number}" for number in range(3_000))
    often = "no " * 300 + "yes"
    await store(database, long, many, often, "𠮷" * 3000)
    assert await texts(database, "x" * 100) == [long]
    assert await texts(database, "w0 w1999") == [many]
    assert await texts(database, "w2000") == []
    assert await texts(database, '"no no" yes') == [often]
    assert await texts(database, '"no yes"') == []
    assert len(await texts(database, "𠮷𠮷𠮷")) == 1


# Parts of texts and queries: words that share beginnings, scripts of every kind, and the syntax of both engines.
PARTS = (
    *(
        "a",
        "ab",
        "abc",
        "b",
        "don't",
        "dont",
        "dón't",
        "well-known",
        "well known",
        "Straße",
        "STRASSE",
        "İI",
        "\u0131i",
    ),
    *("東京都", "京", "京都", "に", "カﾞ", "ガ", "한국어", "국", "ภาษา", "กิน", "ก", "ပ", "שָׁלוֹם", "שלום", "مُحَمَّد", "محمد"),
    *(
        "١٢",
        "12",
        "1.2",
        "é",
        "e\u0301",
        "\u0301",
        "\u200f",
        "🎬",
        "_",
        "_84047e8f9fb03cf8",
        "AND",
        "NOT",
        "NEAR(a, 2)",
    ),
    *(
        "*",
        '"',
        "'",
        "\\",
        "(",
        ")",
        ":",
        "terms:a",
        "^",
        "-",
        "+",
        "&",
        "|",
        "!",
        "<->",
        "%",
        ";",
        "--",
        "\0",
        "\ud800",
    ),
)


def _text(choices: random.Random, most: int) -> str:
    return "".join(
        choices.choice(PARTS) + choices.choice(("", " ", " ", "*", '"')) for _ in range(choices.randint(1, most))
    )


def _queries(choices: random.Random, count: int) -> list[tuple[str, SearchQuery]]:
    queries: list[tuple[str, SearchQuery]] = []
    while len(queries) < count:
        text = _text(choices, 4)
        try:
            queries.append((text, parse_query(text)))
        except Rejected:
            continue
    return queries


async def test_every_index_finds_what_the_domain_defines(database: Database) -> None:
    """Hundreds of random queries over random texts: the cues that `highlights_of` matches, in order, and no others."""
    choices = random.Random(20261130)
    cues = [_text(choices, 8) for _ in range(150)]
    await store(database, *cues)
    matched = 0
    async with database.read() as work:
        for text, query in _queries(choices, 200):
            found = await work.transcript_index.search(OWNER, query, limit=200)
            expected = [number for number, cue in enumerate(cues) if highlights_of(query, _stored(cue))]
            assert [round(hit.start_s) for hit in found] == expected, ascii(text)
            matched += bool(expected)
    assert 50 < matched < 200


async def test_every_index_is_ranked_as_the_domain_defines(database: Database) -> None:
    """Page by page: of each block of hits, those that contain the whole query, then the others."""
    choices = random.Random(20261201)
    cues = [" ".join(choices.choices(RANKED_PARTS, k=choices.randint(2, 7))) for _ in range(120)]
    await store(database, *cues[:60])
    await store(database, *cues[60:], video_id=OTHER, age=60)
    search, blocks_of = SearchTranscripts(database, block_hits=10), 0
    for _ in range(40):
        text = " ".join(choices.choices((*RANKED_PARTS, "a*", '"a b"'), k=choices.randint(1, 3)))
        query, limit = parse_query(text), choices.randint(1, 25)
        matches = [cue for cue in cues if highlights_of(query, cue)]
        blocks = [matches[start : start + 10] for start in range(0, len(matches), 10)]
        expected = [cue for block in blocks for cue in sorted(block, key=lambda cue: rank_of(query, cue))]
        assert await _pages(search, text, limit) == expected, text
        blocks_of += expected != matches
    assert blocks_of > 10


RANKED_PARTS = ("a", "b", "ab", "c", "東京", "京", "don't")


async def _pages(search: SearchTranscripts, text: str, limit: int) -> list[str]:
    """The texts of all results, page by page."""
    found, cursor = list[str](), None
    while True:
        page = await search(OWNER, text, limit=limit, cursor=cursor)
        found += [cue.hit.text for cue in page.cues]
        if page.next_cursor is None:
            return found
        assert len(page.cues) == limit
        cursor = page.next_cursor.encoded()


@pytest.mark.parametrize("change", ["video added", "video deleted", "cues added"])
async def test_pages_of_ranked_results_stay_where_they_were(database: Database, change: str) -> None:
    """Whatever changes between two pages, each cue that was there is listed once."""
    search = SearchTranscripts(database, block_hits=6)
    for number in range(6):
        cues = [f"{number} b a", f"{number} a b", f"{number} b a again"]
        await store(database, *cues, video_id=VideoId(a_uuid(10 + number)), age=number)
    expected = await _pages(search, "a b", 5)
    first = await search(OWNER, "a b", limit=3)
    assert first.next_cursor is not None
    seen = [cue.hit.text for cue in first.cues]
    async with database.write() as work:
        if change == "video deleted":
            await work.videos.delete(VideoId(a_uuid(11)), now=NOW)
            expected = [text for text in expected if not text.startswith("1") or text in seen]
        elif change == "cues added":
            cues = tuple(
                a_cue(start_s=float(number), end_s=number + 0.5, text=text)
                for number, text in enumerate(["1 b a", "1 a b", "1 b a again", *(["a b added"] * 4)])
            )
            await work.transcripts.save(a_transcript(video_id=VideoId(a_uuid(11)), cues=cues))
    if change == "video added":
        await store(database, "a b added", "b a added", video_id=OTHER, age=-60)
    cursor: str | None = first.next_cursor.encoded()
    while cursor is not None:
        page = await search(OWNER, "a b", limit=4, cursor=cursor)
        seen += [cue.hit.text for cue in page.cues if not cue.hit.text.endswith("added")]
        cursor = None if page.next_cursor is None else page.next_cursor.encoded()
    assert sorted(seen) == sorted(expected)


@pytest.mark.parametrize("made_by", ["a b", "a", '"b c"', "nothing here"])
async def test_a_cursor_of_another_query_is_only_a_place(database: Database, made_by: str) -> None:
    """Also at the end or with another page size: results follow, each once, and then it ends."""
    await store(database, *["a b c", "b a", "c b a b c", "a"] * 5)
    search = SearchTranscripts(database, block_hits=4)
    page = await search(OWNER, made_by, limit=3)
    cursor = (page.next_cursor or ResultCursor.before(0)).encoded()
    for text in ("b a", "c", "b c a", "a b"):
        rest = await search(OWNER, text, limit=100, cursor=cursor)
        everything = await search(OWNER, text, limit=100)
        assert rest.next_cursor is None
        positions = [cue.hit.position for cue in rest.cues]
        assert len(set(positions)) == len(positions)
        assert set(positions) <= {cue.hit.position for cue in everything.cues}


def _stored(text: str) -> str:
    return text.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
