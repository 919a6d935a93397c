"""The route that tells a client what this installation accepts."""

from litestar import get

from entrypoints.application import ClientOptions
from entrypoints.http.dependencies import UseCases
from entrypoints.http.openapi.document import json_response, problems
from entrypoints.http.operations.schemas import OptionsResponse
from entrypoints.http.scopes import ANY_SCOPE, permitted_by

_EXAMPLE = OptionsResponse.of(
    ClientOptions(
        imports=False,
        transcription=True,
        max_file_size_bytes=10_737_418_240,
        max_duration_s=14_400,
        part_size_bytes=16_777_216,
        proxied_upload=True,
        direct_share=1.0,
    )
)


@get(
    "/options",
    summary="Get the options of this server",
    description="Returns what a client may have to know before it sends a file: limits, formats and optional features. "
    "A token with any scope may be used.",
    responses={**json_response(200, default_settings=_EXAMPLE), **problems()},
    opt=permitted_by(*ANY_SCOPE),
    sync_to_thread=False,
)
def get_options(application: UseCases) -> OptionsResponse:
    """Return the options."""
    return OptionsResponse.of(application.client_options)
