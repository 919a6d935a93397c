"""The column of a cue's terms: a `tsvector` on Postgres, words between spaces for SQLite's FTS5."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from domain.model.ids import UserId
from domain.model.search.query import Phrase, SearchQuery

_MAX_POSITION = 16_383


def owner_key(owner: UserId) -> int:
    """A signed 64-bit number for an owner, for indexes."""
    return int.from_bytes(sha256(owner.encode()).digest()[:8], "big", signed=True)


def owner_term(owner: UserId) -> str:
    """A term that all cues of an owner have in FTS5, which cannot combine its index with another one.

    The underscore keeps it apart from the words of every text.
    """
    return f"_{owner_key(owner) % 2**64:016x}"


class Terms(TypeDecorator[Sequence[str]]):
    """The terms of the text in order; on SQLite, the owner's term is the first one.

    Terms contain only folded letters, digits, marks and underscores, so both forms need no escapes.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return tsvector(value) if dialect.name == "postgresql" else " ".join(value)


def tsvector(terms: Sequence[str]) -> str:
    """The terms with their positions, as Postgres reads them."""
    return " ".join(f"'{term}':{min(position, _MAX_POSITION)}" for position, term in enumerate(terms, start=1))


def tsquery(query: SearchQuery) -> str:
    """A `tsquery` for the cues of all owners that match the query."""
    return " & ".join(_followed_by(phrase) for phrase in query.phrases)


def _followed_by(phrase: Phrase) -> str:
    chain = " <-> ".join(f"'{term}'" for term in phrase.terms)
    return f"({chain}:*)" if phrase.is_prefix else f"({chain})"


def fts5_query(query: SearchQuery, *, of_owner: UserId | None = None) -> str:
    """An FTS5 query for the cues that match the query: those of one owner, or all."""
    owned = [] if of_owner is None else [f'"{owner_term(of_owner)}"']
    return " AND ".join([*owned, *(_quoted(phrase) for phrase in query.phrases)])


def _quoted(phrase: Phrase) -> str:
    words = f'"{" ".join(phrase.terms)}"'
    return f"{words} *" if phrase.is_prefix else words
