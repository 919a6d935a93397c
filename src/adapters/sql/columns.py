"""Column types and SQL expressions that behave the same on SQLite and Postgres."""

import re
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, cast

import msgspec
from sqlalchemy import BindParameter, DateTime, Dialect, Insert, String, Table, Text, TypeDecorator, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """The text with U+FFFD in place of what Postgres or UTF-8 rejects: NUL and unpaired surrogates.

    They are replaced, not dropped: an id without its NUL could equal the id of another user.
    """
    return _UNSTORABLE.sub(_REPLACEMENT, text)


class PlainText(TypeDecorator[str]):
    """Text of any characters, up to a length.

    `bytewise` is for ids: Postgres compares them with the collation "C", which is faster, and their indexes stay valid
    when an upgrade of the operating system changes its collations.
    """

    impl = String
    cache_ok = True

    def __init__(self, length: int, *, bytewise: bool = False) -> None:
        super().__init__(length)
        self.length = length
        self.bytewise = bytewise

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if self.bytewise and dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(self.length, collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class LongText(TypeDecorator[str]):
    """Text of any characters and any length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, kept to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite stores UTC without a zone, so that it can compare the values as text."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or dialect.name != "sqlite" else value.replace(tzinfo=UTC)


class Json(TypeDecorator[T], Generic[T]):
    """A domain value as JSON text; an unpaired surrogate in it becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def __init__(self, shape: Any) -> None:  # noqa: ANN401 (msgspec takes any type expression, unions too)
        super().__init__()
        self.shape = shape

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return None if value is None else as_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return None if value is None else msgspec.json.decode(value, type=self.shape)


def as_json(value: object) -> str:
    """The value as JSON text that every database can store."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_with_storable_texts(value)).decode()


def _with_storable_texts(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(_with_storable_texts(entry) for entry in cast("tuple[object, ...]", value))
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return {_with_storable_texts(key): _with_storable_texts(entry) for key, entry in entries.items()}
    if is_dataclass(value):
        return {field.name: _with_storable_texts(getattr(value, field.name)) for field in fields(value)}
    return value


class db_now(FunctionElement[datetime]):  # noqa: N801 (an SQL function, written as one)
    """The time `offset_s` seconds from now, on the database's clock."""

    type = UtcDateTime()
    name = "db_now"
    inherit_cache = True

    def __init__(self, offset_s: float | BindParameter[float] = 0.0) -> None:
        super().__init__(literal(offset_s) if isinstance(offset_s, float | int) else offset_s)


@compiles(db_now, "sqlite")
def _sqlite_now(element: db_now, compiler: SQLCompiler, **options: object) -> str:
    """Pads milliseconds to the six digits that SQLAlchemy writes, so that comparing text compares times."""
    offset = compiler.process(element.clauses, **options)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {offset} || ' seconds')"


@compiles(db_now, "postgresql")
def _postgres_now(element: db_now, compiler: SQLCompiler, **options: object) -> str:
    """The time at which the server received the statement.

    `now()` is the start of the transaction: after waiting for a lock, leases would be compared with an old time.
    `clock_timestamp()` changes while the statement runs, so Postgres uses no index for a comparison with it.
    """
    offset = compiler.process(element.clauses, **options)
    return f"statement_timestamp() + make_interval(secs => {offset})"


def insert_new(dialect: str, table: Table) -> Insert:
    """An insert that skips a row that exists: on Postgres a key violation would abort the transaction."""
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
