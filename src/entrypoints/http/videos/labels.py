"""Fields with what a client writes on its own video: in requests, in forms, and in the response for a video."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import msgspec
from litestar.exceptions import ClientException
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIType
from msgspec import UNSET, Meta, UnsetType

from domain.model.errors import Rejected
from domain.model.uploads.labels import (
    MAX_EXTERNAL_ID_LENGTH,
    MAX_METADATA_BYTES,
    MAX_METADATA_DEPTH,
    MAX_TITLE_LENGTH,
    UNCHANGED,
    LabelChanges,
    Metadata,
)
from entrypoints.http.body.json_body import parse_json
from entrypoints.http.openapi.patterns import LABEL_PATTERN, schema_keywords

EXAMPLE_METADATA: dict[str, object] = {"course": "film-101", "week": 3}
LABELS = ("invalid_title", "invalid_external_id", "invalid_metadata")
"""The error codes of labels."""

_TITLE = Meta(
    description="The title; white space at its ends is removed. If it is missing, null or empty, the name of the file "
    "is the title.",
    examples=["A day at the sea"],
    extra_json_schema=schema_keywords(max_length=MAX_TITLE_LENGTH, pattern=LABEL_PATTERN),
)
_EXTERNAL_ID = Meta(
    description="The id that the video has in another system. Several videos may have the same.",
    examples=["order-1042"],
    extra_json_schema=schema_keywords(max_length=MAX_EXTERNAL_ID_LENGTH, pattern=LABEL_PATTERN),
)
_METADATA = Meta(
    description=f"A JSON object of your own, which Telecine stores and returns and does not interpret: at most "
    f"{MAX_METADATA_BYTES} bytes as compact JSON in UTF-8, {MAX_METADATA_DEPTH} levels, and integers of 64 bits.",
    examples=[EXAMPLE_METADATA],
)

TitleField: TypeAlias = Annotated[str | None, _TITLE]
ExternalIdField: TypeAlias = Annotated[str | None, _EXTERNAL_ID]
MetadataField: TypeAlias = Annotated[dict[str, Any] | None, _METADATA]


class VideoChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change; a field that is missing keeps its value."""

    title: Annotated[str | UnsetType | None, _TITLE] = UNSET
    external_id: Annotated[str | UnsetType | None, _EXTERNAL_ID] = UNSET
    metadata: Annotated[dict[str, Any] | UnsetType | None, _METADATA] = UNSET

    def as_domain(self) -> LabelChanges:
        """The changes of the request."""
        return LabelChanges(
            UNCHANGED if self.title is UNSET else self.title,
            UNCHANGED if self.external_id is UNSET else self.external_id,
            UNCHANGED if self.metadata is UNSET else self.metadata,
        )


FORM_FIELDS = {
    "title": Schema(
        type=OpenAPIType.STRING, max_length=MAX_TITLE_LENGTH, description="The title; send it before the file."
    ),
    "external_id": Schema(
        type=OpenAPIType.STRING,
        max_length=MAX_EXTERNAL_ID_LENGTH,
        description="The id that the video has in another system; send it before the file.",
    ),
    "metadata": Schema(type=OpenAPIType.STRING, description="A JSON object as text; send it before the file."),
}
"""The same fields in a form."""
FORM_LIMITS = {
    "title": 4 * MAX_TITLE_LENGTH + 100,
    "external_id": 4 * MAX_EXTERNAL_ID_LENGTH + 100,
    "metadata": 2 * MAX_METADATA_BYTES,
}
"""Maximum length in bytes of the form's fields; the domain checks the values."""


def metadata_of_form(texts: Mapping[str, str]) -> Metadata | None:
    """The metadata in the text fields of a form.

    Raises:
        Rejected: `invalid_metadata`: it is not a JSON object.
    """
    text = texts.get("metadata")
    if not text:
        return None
    try:
        return msgspec.convert(parse_json(text.encode()), dict[str, Any])
    except (ClientException, msgspec.ValidationError) as error:
        raise Rejected("The field `metadata` of the form must be one JSON object.", code="invalid_metadata") from error
