"""JSON request bodies (RFC 8259), decoded strictly into the type that the route declares."""

import json
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ClientException, HTTPException

JSON_MEDIA_TYPE = "application/json"


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
        body = await self.body()
        try:
            read = msgspec.json.decode(body, type=Any if declared is None else declared.annotation)
            json.loads(body, object_pairs_hook=_without_repetition)
        except msgspec.DecodeError as error:
            raise ClientException(str(error)) from error
        except UnicodeDecodeError as error:
            raise ClientException("The body is not UTF-8.") from error
        return read


def _without_repetition(pairs: list[tuple[str, object]]) -> None:
    """Reject duplicate keys, because parsers differ in how they read them.

    Raises:
        ClientException: an object contains a key twice.
    """
    if len({key for key, _ in pairs}) < len(pairs):
        raise ClientException("An object contains a key twice.")
