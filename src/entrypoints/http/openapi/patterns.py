"""JSON Schema constraints on fields that the domain validates.

They document the rules and do not enforce them: the domain rejects invalid values with specific error codes, which
say more than "malformed".
"""

from collections.abc import Iterable

from domain.model.uploads.media_types import DEFAULT_CONTENT_TYPES, MEDIA_TYPE

NO_EXTRA_FIELDS: dict[str, object] = {"additional_properties": False}
"""Forbids fields that the body's schema does not name."""


def schema_keywords(**keywords: object) -> dict[str, object]:
    """JSON Schema keywords for one field, in the form that Litestar accepts."""
    return {"extra": keywords}


def _in_any_case(text: str) -> str:
    """A case-insensitive pattern for the text; JSON Schema has no flag for that."""
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else letter for letter in text)


def _any_of(patterns: Iterable[str]) -> str:
    return "|".join(sorted(pattern.replace(".", "[.]") for pattern in patterns))


_EXTENSIONS = _any_of(_in_any_case(extension.removeprefix(".")) for extension in DEFAULT_CONTENT_TYPES)
_IN_NO_NAME = r"/\\\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"

LABEL_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
FILENAME_PATTERN = rf"^([^{_IN_NO_NAME}]+[.]({_EXTENSIONS})|[^{_IN_NO_NAME}.]+|[^{_IN_NO_NAME}]+[.][0-9]+)$"
CONTENT_TYPE_PATTERN = rf"^({MEDIA_TYPE.pattern}( *;([ -~]*[!-~])?)?)?$"
KEY_PATTERN = "^[!-~]([ -~]*[!-~])?$"
