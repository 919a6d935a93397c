"""The route that describes the caller."""

from typing import Any

from litestar import Request, get

from entrypoints.http.access import examples
from entrypoints.http.access.schemas import MeResponse
from entrypoints.http.auth import caller
from entrypoints.http.openapi.document import json_response, problems
from entrypoints.http.scopes import ANY_SCOPE, permitted_by


@get(
    "/me",
    summary="Get the caller",
    description="Returns the user and the scopes of the token. A token with any scope may be used.",
    responses={**json_response(200, a_token=examples.ME), **problems()},
    opt=permitted_by(*ANY_SCOPE),
    sync_to_thread=False,
)
def get_me(request: Request[Any, Any, Any]) -> MeResponse:
    """Return the caller."""
    return MeResponse.of(caller(request))
