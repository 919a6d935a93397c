"""What the OpenAPI document says of texts and numbers that the domain judges.

It is told and not enforced here: the domain refuses with codes of its own, which say more than "malformed".
"""

from collections.abc import Iterable

from domain.model.upload_policy import CONTENT_TYPES, DEFAULT_CONTENT_TYPES

NOTHING_ELSE: dict[str, object] = {"additional_properties": False}
"""Said of a body that may have no other fields."""


def told(**keywords: object) -> dict[str, object]:
    """Keywords of JSON Schema for one field, in the form in which the framework takes them on."""
    return {"extra": keywords}


def _in_any_case(text: str) -> str:
    """A pattern for the text in capitals or small letters; JSON Schema has no flag for that."""
    return "".join(f"[{letter}{letter.upper()}]" if letter.isalpha() else letter for letter in text)


def _any_of(patterns: Iterable[str]) -> str:
    return "|".join(sorted(pattern.replace(".", "[.]") for pattern in patterns))


_EXTENSIONS = _any_of(_in_any_case(extension.removeprefix(".")) for extension in DEFAULT_CONTENT_TYPES)
_IN_NO_NAME = r"/\\\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"

FILENAME_PATTERN = rf"^[^{_IN_NO_NAME}]+[.]({_EXTENSIONS})$"
CONTENT_TYPE_PATTERN = rf"^(application/octet-stream|({_any_of(CONTENT_TYPES)})( *;[ -~]*[!-~])?)?$"
KEY_PATTERN = "^[!-~]([ -~]*[!-~])?$"
