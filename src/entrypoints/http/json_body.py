"""Request bodies: JSON (RFC 8259), read strictly into the shape that the route declares."""

import json
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ClientException, HTTPException

JSON_MEDIA_TYPE = "application/json"


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body, where a route wants one, is JSON and nothing else.

    Litestar itself would read a body of any type, and take "5" for 5 and 1 for true.
    """

    async def body(self) -> bytes:
        """The body's bytes.

        Raises:
            HTTPException: 415, it is said to be something else than JSON.
            ClientException: it is empty, and the route can't do without.
        """
        media_type, _parameters = self.content_type
        if media_type.lower() not in {JSON_MEDIA_TYPE, ""}:
            raise HTTPException(f"Send the body as `Content-Type: {JSON_MEDIA_TYPE}`.", status_code=415)
        body = await super().body()
        declared = self.route_handler.parsed_data_field
        if not body and (declared is None or not declared.has_default):
            raise ClientException("A JSON body is needed, and none was sent.")
        return body

    async def json(self) -> Any:  # noqa: ANN401 (the route's own shape; Litestar's signature)
        """The body in the shape that the route declares.

        Raises:
            ClientException: it is not JSON in UTF-8, or not of this shape.
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
    """Refuse what each parser would read in its own way.

    Raises:
        ClientException: a key is there twice.
    """
    if len({key for key, _ in pairs}) < len(pairs):
        raise ClientException("A key is there twice.")
