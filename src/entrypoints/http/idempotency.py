"""The `Idempotency-Key` header and the header that marks a replayed response."""

from typing import Annotated

from litestar.params import HeaderParameter

from domain.model.access.idempotency import MAX_KEY_LENGTH
from entrypoints.http.openapi.patterns import KEY_PATTERN

REPLAYED = {"Idempotency-Replayed": "true"}

IdempotencyKeyHeader = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 255 printable ASCII characters, chosen by the client. If a request is repeated with the same "
        "key within 24 hours, it creates nothing new, and the response carries `Idempotency-Replayed: true`.",
        schema_extra={
            "one_of": None,
            "type": "string",
            "min_length": 1,
            "max_length": MAX_KEY_LENGTH,
            "pattern": KEY_PATTERN,
        },
    ),
]
