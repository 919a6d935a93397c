"""The statement that reads one page of a list of videos."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    RowMapping,
    Select,
    UnaryExpression,
    literal_column,
    select,
    tuple_,
    union_all,
)

from adapters.sql.tables import videos
from adapters.sql.video_rows import video_of
from domain.model.ids import UserId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import ListedVideo, ListPosition, VideoFilter, VideoListing, VideoSort
from domain.model.videos.video import CaptionState

# A literal, not a parameter: with a parameter, the database cannot know that the partial index applies.
_NO_CAPTIONS: ColumnElement[str] = literal_column(f"'{CaptionState.NONE}'")


def page_query(owner: UserId, listing: VideoListing, *, limit: int, after: ListPosition | None) -> Select[Any]:
    """The rows of a page.

    Each order has an index of its own, with and without a status. Of several statuses, each one's next rows are read
    from its index and merged: an index without the status would pass over all rows of the other ones. A search in
    titles reads the ids of the page first, for which the index is sufficient.
    """
    conditions = [videos.c.owner == owner, *_conditions(listing.filter), *_after(listing.sort, after)]
    statuses = sorted(listing.filter.statuses)
    parts = (
        [conditions]
        if len(statuses) in {0, len(VideoStatus)}
        else [[videos.c.status == status, *conditions] for status in statuses]
    )
    if len(parts) == 1 and not listing.filter.words:
        return _ordered(select(videos).where(*parts[0]), listing.sort, limit)
    found = [_ordered(select(videos.c.id).where(*part), listing.sort, limit).subquery() for part in parts]
    merged = union_all(*(select(each.c.id) for each in found))
    return _ordered(select(videos).where(videos.c.id.in_(merged)), listing.sort, limit)


def listed_of(row: RowMapping, sort: VideoSort) -> ListedVideo:
    """The video in a row of a page; its position has the key that the database compares, not the one that it should."""
    return ListedVideo(video_of(row), ListPosition(row[_key(sort).name], row["id"]))


def _ordered(query: Select[Any], sort: VideoSort, limit: int) -> Select[Any]:
    return query.order_by(*_order(sort)).limit(limit)


def _order(sort: VideoSort) -> list[UnaryExpression[Any]]:
    columns = (_key(sort), videos.c.id)
    return [column.desc() if sort.is_descending else column.asc() for column in columns]


def _key(sort: VideoSort) -> Column[Any]:
    return videos.c.title_key if sort.is_by_title else videos.c.created_at


def _after(sort: VideoSort, after: ListPosition | None) -> Iterator[ColumnElement[bool]]:
    if after is not None:
        here, there = tuple_(_key(sort), videos.c.id), tuple_(after.key, after.video_id)
        yield here < there if sort.is_descending else here > there


def _conditions(chosen: VideoFilter) -> Iterator[ColumnElement[bool]]:
    """The conditions other than the status."""
    for word in chosen.words:
        yield videos.c.title_key.contains(word, autoescape=True)
    if chosen.external_id is not None:
        yield videos.c.external_id == chosen.external_id
    if chosen.created_after is not None:
        yield videos.c.created_at >= chosen.created_after
    if chosen.created_before is not None:
        yield videos.c.created_at < chosen.created_before
    if chosen.is_without_captions:
        yield videos.c.captions == _NO_CAPTIONS
        yield videos.c.publication.is_not(None)
