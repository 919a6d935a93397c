"""Terms and queries in the syntax of each engine."""

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from adapters.sql.terms_column import Terms, fts5_query, owner_key, owner_term, tsquery
from domain.model.ids import UserId
from domain.model.search.query import parse_query

ADA = UserId("ada")
OWNER_TERM = owner_term(ADA)


def test_an_owner_has_a_number_and_a_term() -> None:
    """Always the same ones, within 64 bits; no word is such a term."""
    assert owner_key(ADA) == owner_key(UserId("ada")) != owner_key(UserId("Ada"))
    assert -(2**63) <= owner_key(ADA) < 2**63
    assert len(OWNER_TERM) == 17
    with pytest.raises(ValueError, match="_"):
        int(OWNER_TERM, 16)
    assert OWNER_TERM not in str(parse_query(OWNER_TERM).phrases)


def test_terms_are_stored_with_their_positions() -> None:
    """As text between spaces, or as a `tsvector`."""
    terms = Terms()
    assert terms.process_bind_param(["_1", "a", "b", "a"], sqlite.dialect()) == "_1 a b a"
    assert terms.process_bind_param(["_1", "a"], postgresql.dialect()) == "'_1':1 'a':2"
    assert terms.process_bind_param(None, sqlite.dialect()) is None


def test_positions_beyond_the_limit_of_postgres_are_the_last_one() -> None:
    """Postgres refuses none, but warns of none either."""
    stored = Terms().process_bind_param(["a"] * 16_384, postgresql.dialect())
    assert (stored or "").endswith("'a':16383 'a':16383")


def test_queries_are_quoted() -> None:
    """Words, phrases and prefixes; FTS5 also requires the owner's term."""
    query = parse_query("""one "two three" fo* "a b*" x'y\\ OR""")
    assert tsquery(query) == ("('one') & ('two' <-> 'three') & ('fo':*) & ('a' <-> 'b':*) & ('x' <-> 'y') & ('or')")
    assert fts5_query(query, of_owner=ADA) == (
        f'"{OWNER_TERM}" AND "one" AND "two three" AND "fo" * AND "a b" * AND "x y" AND "or"'
    )
