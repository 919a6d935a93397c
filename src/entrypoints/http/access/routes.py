"""The route that describes the caller."""

from litestar import get
from litestar.di import NamedDependency

from domain.model.access.principal import Principal
from entrypoints.http.access import examples
from entrypoints.http.access.schemas import MeResponse
from entrypoints.http.auth import ANY_SCOPE
from entrypoints.http.openapi.document import json_response, problems


@get(
    "/me",
    summary="Get the caller",
    description="Returns the user and the scopes of the token. A token with any scope may be used.",
    responses={**json_response(200, a_token=examples.ME), **problems()},
    opt=ANY_SCOPE,
    sync_to_thread=False,
)
def get_me(principal: NamedDependency[Principal]) -> MeResponse:
    """Return the caller."""
    return MeResponse.of(principal)
