"""JSON request bodies (RFC 8259), decoded strictly into the type that the route declares."""

import json
import re
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ClientException, HTTPException

JSON_MEDIA_TYPE = "application/json"
MAX_DEPTH = 64
"""Levels of arrays and objects; no body needs more, and what reads the value may be recursive."""


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body, where the route declares one, must be JSON.

    Litestar itself accepts a body of any content type, and converts "5" to 5 and 1 to true.
    """

    async def body(self) -> bytes:
        """The body's bytes.

        Raises:
            HTTPException: 415, the content type is not JSON.
            ClientException: the body is empty, and the route requires one.
        """
        media_type, _parameters = self.content_type
        if media_type.lower() not in {JSON_MEDIA_TYPE, ""}:
            raise HTTPException(f"Send the body as `Content-Type: {JSON_MEDIA_TYPE}`.", status_code=415)
        body = await super().body()
        declared = self.route_handler.parsed_data_field
        if not body and (declared is None or not declared.has_default):
            raise ClientException("The request needs a JSON body, but none was sent.")
        return body

    async def json(self) -> Any:  # noqa: ANN401 (the type that the route declares; Litestar's signature)
        """The body as the type that the route declares.

        Raises:
            ClientException: the body is not JSON in UTF-8, or not of this type.
        """
        declared = self.route_handler.parsed_data_field
        value = parse_json(await self.body())
        try:
            return value if declared is None else msgspec.convert(value, declared.annotation)
        except msgspec.ValidationError as error:
            raise ClientException(str(error)) from error


def parse_json(body: bytes) -> object:
    """Parse a JSON text once, and reject what parsers read differently.

    Raises:
        ClientException: the body is not UTF-8 or not JSON, an object contains a key twice, a text contains half of a
            surrogate pair, or arrays are nested too deeply.
    """
    try:
        text = body.decode()
        value: object = _DECODER.decode(text)
        _check_depth(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # Only an escape can name half of a surrogate pair.
    except UnicodeError as error:
        raise ClientException("The body is not UTF-8.") from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise ClientException(f"The body is not valid JSON: {error}") from error
    return value


def _check_depth(text: str) -> None:
    """Check the levels of a valid JSON text; only texts with many brackets are looked at."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise _too_deep()


def _too_deep() -> ClientException:
    return ClientException(f"The body has more than {MAX_DEPTH} levels.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ClientException("An object contains a key twice.")
    return members


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number.")


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKETS = re.compile(r"[\[\]{}]")
# Python's parser, because msgspec's keeps the last of two equal keys without an error.
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)
