"""The index of the words in transcripts: FTS5 on SQLite, `tsvector` on Postgres."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Integer, RowMapping, and_, bindparam, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.columns import storable
from adapters.sql.tables import indexed_cues, indexed_transcripts, transcripts, videos
from adapters.sql.terms_column import fts5_query, owner_key, owner_term, tsquery
from domain.model.errors import VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.search.hits import CUES_PER_SLOT, LAST_POSITION, HitCursor, SearchHit, position_of, slots_of
from domain.model.search.query import SearchQuery
from domain.model.search.terms import index_terms
from domain.model.transcripts.cues import Cue
from domain.model.transcripts.transcript import Transcript
from domain.ports.transcript_index import TranscriptIndex

# Rises when other terms are made of the same text; the job `index` then adds all transcripts again.
INDEX_VERSION = 1
_NO_CURSOR = HitCursor(LAST_POSITION)
_BATCH = 500
_SHORT_TEXT = 1_000

# FTS5 reads its lists of positions from the highest one down and stops at the limit.
_SQLITE = text("""
    SELECT found.position, video_id, filename, title, start_s, end_s, text
    FROM (
        SELECT rowid AS position FROM cue_terms
        WHERE cue_terms MATCH :query AND rowid < :after ORDER BY rowid DESC LIMIT :limit
    ) AS found
    JOIN indexed_cues AS cue ON cue.position = found.position
    JOIN indexed_transcripts AS indexed ON indexed.slot = cue.slot
    JOIN videos ON videos.id = indexed.video_id
    WHERE indexed.owner = :owner ORDER BY found.position DESC
""")
# FTS5 reads all entries of a term up to the last hit. The term of an owner has an entry for each of their cues, so it
# takes most of the time of a search, and with a single owner it selects nothing.
_SQLITE_IS_SOLE_OWNER = text("""
    SELECT (SELECT min(owner) FROM videos) = :owner AND (SELECT max(owner) FROM videos) = :owner
""")
# GIN returns hits in no order, so Postgres would read all hits of a frequent word to sort them. A frequent word is
# found by reading the owner's next cues in the order of hits: first a few; if their hits do not fill the page, but
# suggest that a moderate number of cues does, those; only otherwise GIN finds all hits. Each statement allows one plan,
# so that no estimate of the planner decides.
_WINDOW, _MAX_WINDOW = 2_000, 40_000
_POSTGRES_WINDOW = text("""
    SELECT cue.position, video_id, filename, title, start_s, end_s, text
    FROM (
        SELECT * FROM indexed_cues
        WHERE owner_key = :owner_key AND position < :after ORDER BY position DESC LIMIT :window
    ) AS cue
    JOIN indexed_transcripts AS indexed ON indexed.slot = cue.slot
    JOIN videos ON videos.id = indexed.video_id
    WHERE cue.terms @@ CAST(:query AS tsquery) AND indexed.owner = :owner
    ORDER BY cue.position DESC LIMIT :limit
""")
# The index by position answers it. An owner with few cues needs no GIN, which has the cues of all owners.
_POSTGRES_MORE = text("""
    SELECT position FROM indexed_cues WHERE owner_key = :owner_key AND position < :after
    ORDER BY position DESC OFFSET :window LIMIT 1
""")
_POSTGRES_ALL = text("""
    WITH found AS MATERIALIZED (
        SELECT position FROM indexed_cues WHERE terms @@ CAST(:query AS tsquery) AND owner_key = :owner_key
    )
    SELECT cue.position, video_id, filename, title, start_s, end_s, text
    FROM (SELECT position FROM found WHERE position < :after ORDER BY position DESC LIMIT :limit) AS first
    JOIN indexed_cues AS cue ON cue.position = first.position
    JOIN indexed_transcripts AS indexed ON indexed.slot = cue.slot
    JOIN videos ON videos.id = indexed.video_id
    WHERE indexed.owner = :owner ORDER BY cue.position DESC
""")
_MISSING = (
    select(transcripts.c.video_id)
    .outerjoin(
        indexed_transcripts,
        and_(
            indexed_transcripts.c.video_id == transcripts.c.video_id,
            indexed_transcripts.c.version >= INDEX_VERSION,
        ),
    )
    .where(indexed_transcripts.c.video_id.is_(None), transcripts.c.video_id > bindparam("after"))
    .order_by(transcripts.c.video_id)
    .limit(bindparam("limit", type_=Integer))
)
_VIDEO = select(videos.c.owner, videos.c.created_at).where(videos.c.id == bindparam("video_id"))
_REMOVE = delete(indexed_transcripts).where(indexed_transcripts.c.video_id == bindparam("of_video"))
_CLAIM = {
    dialect: builder.insert(indexed_transcripts).on_conflict_do_nothing(index_elements=[indexed_transcripts.c.slot])
    for dialect, builder in (("postgresql", postgresql), ("sqlite", sqlite))
}
_ADD_CUES = insert(indexed_cues)


class SqlTranscriptIndex(TranscriptIndex):
    """One row per transcript and one per cue that contains a word."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def search(
        self, owner: UserId, query: SearchQuery, *, limit: int, after: HitCursor | None = None
    ) -> list[SearchHit]:
        values: dict[str, object] = {"owner": owner, "after": (after or _NO_CURSOR).position, "limit": limit}
        if self._connection.dialect.name == "sqlite":
            is_sole = (await self._connection.execute(_SQLITE_IS_SOLE_OWNER, {"owner": owner})).scalar_one()
            values["query"] = fts5_query(query, of_owner=None if is_sole else owner)
            return [_hit(row) for row in (await self._connection.execute(_SQLITE, values)).mappings()]
        values |= {"query": tsquery(query), "owner_key": owner_key(owner)}
        hits = await self._hits_in_window(values, _WINDOW)
        if len(hits) == limit or not await self._has_cues_beyond(values, _WINDOW):
            return hits
        if (window := _next_window(len(hits), limit)) <= _MAX_WINDOW:
            hits = await self._hits_in_window(values, window)
        if len(hits) == limit:
            return hits
        return [_hit(row) for row in (await self._connection.execute(_POSTGRES_ALL, values)).mappings()]

    async def _hits_in_window(self, values: Mapping[str, object], window: int) -> list[SearchHit]:
        chosen = {**values, "window": window}
        return [_hit(row) for row in (await self._connection.execute(_POSTGRES_WINDOW, chosen)).mappings()]

    async def _has_cues_beyond(self, values: Mapping[str, object], window: int) -> bool:
        found = await self._connection.execute(_POSTGRES_MORE, {**values, "window": window})
        return found.scalar_one_or_none() is not None

    async def missing(self, *, limit: int, after: VideoId | None = None) -> list[VideoId]:
        rows = await self._connection.execute(_MISSING, {"limit": limit, "after": after or ""})
        return [VideoId(video_id) for video_id in rows.scalars()]

    async def add(self, transcript: Transcript) -> None:
        video = (await self._connection.execute(_VIDEO, {"video_id": transcript.video_id})).mappings().one_or_none()
        if video is None:
            raise VideoNotFound
        await self._connection.execute(_REMOVE, {"of_video": transcript.video_id})
        slot = await self._claim_slot(transcript.video_id, video)
        # From the lowest position up: FTS5 writes a segment of its own for every row below the one before it.
        cues = list(enumerate(islice(transcript.cues, CUES_PER_SLOT)))[::-1]
        for first in range(0, len(cues), _BATCH):
            rows = await self._folded_rows(video["owner"], slot, cues[first : first + _BATCH])
            if rows:
                await self._connection.execute(_ADD_CUES, rows)

    async def _folded_rows(self, owner: UserId, slot: int, cues: Sequence[tuple[int, Cue]]) -> list[dict[str, Any]]:
        """The rows of the cues, made in a thread if it takes so long that it would block the event loop."""
        first = [owner_term(owner)] if self._connection.dialect.name == "sqlite" else []
        if sum(len(cue.text) for _, cue in cues) <= _SHORT_TEXT:
            return _rows(owner, slot, cues, first)
        return await asyncio.to_thread(_rows, owner, slot, cues, first)

    async def _claim_slot(self, video_id: VideoId, video: RowMapping) -> int:
        row = {"video_id": video_id, "owner": video["owner"], "version": INDEX_VERSION}
        claim = _CLAIM[self._connection.dialect.name]
        slots = slots_of(video["created_at"], video_id)
        slot = next(slots)
        while (await self._connection.execute(claim, row | {"slot": slot})).rowcount == 0:
            slot = next(slots)
        return slot


def _next_window(hits: int, limit: int) -> int:
    """Twice the number of cues that the density of hits in the first window suggests for a page."""
    return 2 * _WINDOW * limit // max(hits, 1)


def _rows(
    owner: UserId, slot: int, cues: Sequence[tuple[int, Cue]], first_terms: Sequence[str]
) -> list[dict[str, Any]]:
    key = owner_key(owner)
    rows: list[dict[str, Any]] = []
    for number, cue in cues:
        # The same text as in the results, where halves of surrogate pairs are replaced.
        plain = storable(cue.text)
        if terms := index_terms(plain):
            rows.append(
                {
                    "position": position_of(slot, number),
                    "slot": slot,
                    "owner_key": key,
                    "start_s": cue.start_s,
                    "end_s": cue.end_s,
                    "text": plain,
                    "terms": [*first_terms, *terms],
                }
            )
    return rows


def _hit(row: RowMapping) -> SearchHit:
    filename = row["filename"]
    title = row["title"] or filename
    return SearchHit(
        row["position"], VideoId(row["video_id"]), filename, title, row["start_s"], row["end_s"], row["text"]
    )
